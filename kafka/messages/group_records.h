/// Keys and values of group generations in the topic __consumer_offsets.
///
/// Each starts with its version as int16 (versioned.h).
#pragma once

#include "kafka/messages/schema.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Its version continues that of OffsetCommitKey, so that a reader tells them apart by the version
/// alone.
struct group_metadata_key {
    static const message_schema schema;

    std::string group;

    bool operator==(const group_metadata_key&) const = default;
};

/// A generation: its leader, protocol and members. Static members since version 3 (KIP-345).
struct group_metadata_value {
    static const message_schema schema;

    struct member_metadata {
        static const struct_schema schema;

        std::string member_id;
        std::optional<std::string> group_instance_id;
        std::string client_id;
        std::string client_host;
        std::int32_t rebalance_timeout = -1;
        std::int32_t session_timeout = 0;
        std::vector<std::byte> subscription;
        std::vector<std::byte> assignment;

        bool operator==(const member_metadata&) const = default;
    };

    std::string protocol_type;
    std::int32_t generation = 0;
    std::optional<std::string> protocol = "";
    std::optional<std::string> leader = "";
    std::int64_t current_state_timestamp = -1;
    std::vector<member_metadata> members;

    bool operator==(const group_metadata_value&) const = default;
};

}  // namespace verdikt::kafka::messages
