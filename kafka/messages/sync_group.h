/// SyncGroup: hand in, or wait for, the assignment of a generation.
#pragma once

#include "kafka/messages/schema.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// The leader sends the assignments, everyone else an empty list. Static membership since version 3
/// (KIP-345), protocol checks since version 5 (KIP-559).
struct sync_group_request {
    static const message_schema schema;

    struct sync_group_request_assignment {
        static const struct_schema schema;

        std::string member_id;
        std::vector<std::byte> assignment;

        bool operator==(const sync_group_request_assignment&) const = default;
    };

    std::string group_id;
    std::int32_t generation_id = 0;
    std::string member_id;
    std::optional<std::string> group_instance_id;
    std::optional<std::string> protocol_type;
    std::optional<std::string> protocol_name;
    std::vector<sync_group_request_assignment> assignments;

    bool operator==(const sync_group_request&) const = default;
};

/// The assignment of the member that asked; opaque to the broker.
struct sync_group_response {
    static const message_schema schema;

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::optional<std::string> protocol_type;
    std::optional<std::string> protocol_name;
    std::vector<std::byte> assignment;

    bool operator==(const sync_group_response&) const = default;
};

}  // namespace verdikt::kafka::messages
