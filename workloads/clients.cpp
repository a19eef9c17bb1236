#include "workloads/clients.h"

#include <utility>

namespace verdikt::workloads {

using namespace std::chrono_literals;

client::client_config client_settings(const load_options& load, std::string name) {
    client::client_config made;
    made.bootstrap_servers = load.servers;
    made.client_id = std::move(name);
    made.request_timeout_ms = 3s;
    made.default_api_timeout_ms = 10s;
    made.socket_connection_setup_timeout_ms = 2s;
    made.metadata_max_age_ms = 10s;
    return made;
}

client::client_config producer_settings(const load_options& load,
                                        std::string name,
                                        std::string transactional_id) {
    client::client_config made = client_settings(load, std::move(name));
    made.acks = load.acks;
    made.enable_idempotence = load.idempotent();
    made.delivery_timeout_ms = 10s;
    made.max_block_ms = 5s;
    made.transactional_id = std::move(transactional_id);
    // What a process that died left open holds the readers up for so long.
    made.transaction_timeout_ms = 10s;
    return made;
}

client::client_config consumer_settings(const load_options& load,
                                        std::string name,
                                        std::string group) {
    client::client_config made = client_settings(load, std::move(name));
    made.enable_auto_commit = !group.empty() && load.auto_commit;
    made.group_id = std::move(group);
    made.auto_commit_interval_ms = 1s;
    made.auto_offset_reset = "earliest";
    made.isolation_level = load.isolation_level;
    made.session_timeout_ms = 6s;
    made.heartbeat_interval_ms = 1s;
    made.max_poll_interval_ms = 30s;
    made.max_poll_records = 200;
    return made;
}

}  // namespace verdikt::workloads
