/// ListOffsets: the offset that a timestamp or a name such as "latest" stands for.
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Timestamps below zero are names: -1 latest, -2 earliest, -3 the largest timestamp (version 7),
/// -4 earliest on local disk (8), -5 latest in remote storage (9). Version 0 asks for several
/// segment starts at once.
struct list_offsets_request {
    static const message_schema schema;

    struct list_offsets_partition {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int32_t current_leader_epoch = -1;
        std::int64_t timestamp = 0;
        std::int32_t max_num_offsets = 1;

        bool operator==(const list_offsets_partition&) const = default;
    };

    struct list_offsets_topic {
        static const struct_schema schema;

        std::string name;
        std::vector<list_offsets_partition> partitions;

        bool operator==(const list_offsets_topic&) const = default;
    };

    std::int32_t replica_id = 0;
    std::int8_t isolation_level = 0;
    std::vector<list_offsets_topic> topics;
    std::int32_t timeout_ms = 0;

    bool operator==(const list_offsets_request&) const = default;
};

/// Version 0 answers with a list of offsets, later ones with one offset and its timestamp (KIP-79).
struct list_offsets_response {
    static const message_schema schema;

    struct list_offsets_partition_response {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int16_t error_code = 0;
        std::vector<std::int64_t> old_style_offsets;
        std::int64_t timestamp = -1;
        std::int64_t offset = -1;
        std::int32_t leader_epoch = -1;

        bool operator==(const list_offsets_partition_response&) const = default;
    };

    struct list_offsets_topic_response {
        static const struct_schema schema;

        std::string name;
        std::vector<list_offsets_partition_response> partitions;

        bool operator==(const list_offsets_topic_response&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::vector<list_offsets_topic_response> topics;

    bool operator==(const list_offsets_response&) const = default;
};

}  // namespace verdikt::kafka::messages
