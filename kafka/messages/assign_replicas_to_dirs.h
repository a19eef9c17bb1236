/// AssignReplicasToDirs: a broker tells which of its directories holds which replica (KIP-858).
#pragma once

#include "kafka/messages/schema.h"
#include "kafka/types.h"

#include <cstdint>
#include <vector>

namespace verdikt::kafka::messages {

/// Fenced by the broker epoch.
struct assign_replicas_to_dirs_request {
    static const message_schema schema;

    struct partition_data {
        static const struct_schema schema;

        std::int32_t partition_index = 0;

        bool operator==(const partition_data&) const = default;
    };

    struct topic_data {
        static const struct_schema schema;

        uuid topic_id;
        std::vector<partition_data> partitions;

        bool operator==(const topic_data&) const = default;
    };

    struct directory_data {
        static const struct_schema schema;

        uuid id;
        std::vector<topic_data> topics;

        bool operator==(const directory_data&) const = default;
    };

    std::int32_t broker_id = 0;
    std::int64_t broker_epoch = -1;
    std::vector<directory_data> directories;

    bool operator==(const assign_replicas_to_dirs_request&) const = default;
};

/// An error for each partition.
struct assign_replicas_to_dirs_response {
    static const message_schema schema;

    struct partition_data {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int16_t error_code = 0;

        bool operator==(const partition_data&) const = default;
    };

    struct topic_data {
        static const struct_schema schema;

        uuid topic_id;
        std::vector<partition_data> partitions;

        bool operator==(const topic_data&) const = default;
    };

    struct directory_data {
        static const struct_schema schema;

        uuid id;
        std::vector<topic_data> topics;

        bool operator==(const directory_data&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::vector<directory_data> directories;

    bool operator==(const assign_replicas_to_dirs_response&) const = default;
};

}  // namespace verdikt::kafka::messages
