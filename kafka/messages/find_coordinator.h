/// FindCoordinator: which broker runs a group or a transactional id.
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Key types: 0 group, 1 transactional id, 2 share group. Several keys at once since version 4
/// (KIP-699).
struct find_coordinator_request {
    static const message_schema schema;

    std::string key;
    std::int8_t key_type = 0;
    std::vector<std::string> coordinator_keys;

    bool operator==(const find_coordinator_request&) const = default;
};

/// One coordinator up to version 3, a list of them since version 4 (KIP-699).
struct find_coordinator_response {
    static const message_schema schema;

    struct coordinator {
        static const struct_schema schema;

        std::string key;
        std::int32_t node_id = 0;
        std::string host;
        std::int32_t port = 0;
        std::int16_t error_code = 0;
        std::optional<std::string> error_message = "";

        bool operator==(const coordinator&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::optional<std::string> error_message = "";
    std::int32_t node_id = 0;
    std::string host;
    std::int32_t port = 0;
    std::vector<coordinator> coordinators;

    bool operator==(const find_coordinator_response&) const = default;
};

}  // namespace verdikt::kafka::messages
