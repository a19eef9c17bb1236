/// ListPartitionReassignments: which partitions are moving (KIP-455).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Null topics ask for all of them.
struct list_partition_reassignments_request {
    static const message_schema schema;

    struct list_partition_reassignments_topics {
        static const struct_schema schema;

        std::string name;
        std::vector<std::int32_t> partition_indexes;

        bool operator==(const list_partition_reassignments_topics&) const = default;
    };

    std::int32_t timeout_ms = 60000;
    std::optional<std::vector<list_partition_reassignments_topics>> topics;

    bool operator==(const list_partition_reassignments_request&) const = default;
};

/// Partitions that are not moving are left out.
struct list_partition_reassignments_response {
    static const message_schema schema;

    struct ongoing_partition_reassignment {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::vector<std::int32_t> replicas;
        std::vector<std::int32_t> adding_replicas;
        std::vector<std::int32_t> removing_replicas;

        bool operator==(const ongoing_partition_reassignment&) const = default;
    };

    struct ongoing_topic_reassignment {
        static const struct_schema schema;

        std::string name;
        std::vector<ongoing_partition_reassignment> partitions;

        bool operator==(const ongoing_topic_reassignment&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::optional<std::string> error_message = "";
    std::vector<ongoing_topic_reassignment> topics;

    bool operator==(const list_partition_reassignments_response&) const = default;
};

}  // namespace verdikt::kafka::messages
