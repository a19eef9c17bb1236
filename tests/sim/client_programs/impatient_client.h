/// How clients reach brokers in a storm: impatient enough for the storm to show.
#pragma once

#include "client/configuration.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::tests {

[[nodiscard]] inline client::client_config impatient_client(std::vector<std::string> servers) {
    using namespace std::chrono_literals;
    client::client_config made;
    made.bootstrap_servers = std::move(servers);
    made.request_timeout_ms = 3s;
    made.delivery_timeout_ms = 15s;
    made.max_block_ms = 15s;
    made.default_api_timeout_ms = 15s;
    made.socket_connection_setup_timeout_ms = 2s;
    made.metadata_max_age_ms = 30s;
    return made;
}

}  // namespace verdikt::tests
