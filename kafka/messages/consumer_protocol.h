/// What consumers tell one another through the group coordinator, to which it is opaque (KIP-62).
///
/// Each blob starts with its version as int16; encode_versioned writes it, decode_versioned reads
/// it.
#pragma once

#include "kafka/messages/schema.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// What a member wants. Owned partitions since version 1 (KIP-429), the generation they are from
/// since 2 (KIP-792), the rack since 3 (KIP-881).
struct consumer_protocol_subscription {
    static const message_schema schema;

    struct topic_partition {
        static const struct_schema schema;

        std::string topic;
        std::vector<std::int32_t> partitions;

        bool operator==(const topic_partition&) const = default;
    };

    std::vector<std::string> topics;
    std::optional<std::vector<std::byte>> user_data;
    std::vector<topic_partition> owned_partitions;
    std::int32_t generation_id = -1;
    std::optional<std::string> rack_id;

    bool operator==(const consumer_protocol_subscription&) const = default;
};

/// What a member gets.
struct consumer_protocol_assignment {
    static const message_schema schema;

    struct topic_partition {
        static const struct_schema schema;

        std::string topic;
        std::vector<std::int32_t> partitions;

        bool operator==(const topic_partition&) const = default;
    };

    std::vector<topic_partition> assigned_partitions;
    std::optional<std::vector<std::byte>> user_data;

    bool operator==(const consumer_protocol_assignment&) const = default;
};

}  // namespace verdikt::kafka::messages
