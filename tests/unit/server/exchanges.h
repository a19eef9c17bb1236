/// All that a listener says it answers: each request in each version.
#pragma once

#include "broker/server/api_table.h"
#include "kafka/messages/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace verdikt::broker::server {

struct exchange {
    const kafka::messages::message_schema& request;
    const kafka::messages::message_schema& response;
    std::int16_t version = 0;

    [[nodiscard]] std::string name() const {
        return fmt::format("{} v{}", request.name(), version);
    }
};

inline std::vector<exchange> exchanges_of(std::span<const api> apis) {
    using kafka::messages::message_role;
    std::vector<exchange> all;
    for (const api& served : apis) {
        const auto* request = kafka::messages::find_message(served.key, message_role::request);
        const auto* response = kafka::messages::find_message(served.key, message_role::response);
        // What is served and not listed is for brokers, and asks by topic id.
        const auto last = std::min(served.served.last, served.listed.last);
        for (auto version = served.served.first; version <= last; ++version) {
            all.push_back({*request, *response, version});
        }
    }
    return all;
}

}  // namespace verdikt::broker::server
