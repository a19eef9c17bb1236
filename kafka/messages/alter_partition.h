/// AlterPartition: a leader asks the controller to change who is in sync.
#pragma once

#include "kafka/messages/schema.h"
#include "kafka/types.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Topics by id since version 2 (KIP-841). Members come with their broker epochs since version 3
/// (KIP-903), so that a replica which restarted meanwhile cannot slip in.
struct alter_partition_request {
    static const message_schema schema;

    struct broker_state {
        static const struct_schema schema;

        std::int32_t broker_id = 0;
        std::int64_t broker_epoch = -1;

        bool operator==(const broker_state&) const = default;
    };

    struct partition_data {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int32_t leader_epoch = 0;
        std::vector<std::int32_t> new_isr;
        std::vector<broker_state> new_isr_with_epochs;
        std::int8_t leader_recovery_state = 0;
        std::int32_t partition_epoch = 0;

        bool operator==(const partition_data&) const = default;
    };

    struct topic_data {
        static const struct_schema schema;

        std::string topic_name;
        uuid topic_id;
        std::vector<partition_data> partitions;

        bool operator==(const topic_data&) const = default;
    };

    std::int32_t broker_id = 0;
    std::int64_t broker_epoch = -1;
    std::vector<topic_data> topics;

    bool operator==(const alter_partition_request&) const = default;
};

/// The state that the partition has now, or why it was not changed.
struct alter_partition_response {
    static const message_schema schema;

    struct partition_data {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int16_t error_code = 0;
        std::int32_t leader_id = 0;
        std::int32_t leader_epoch = 0;
        std::vector<std::int32_t> isr;
        std::int8_t leader_recovery_state = 0;
        std::int32_t partition_epoch = 0;

        bool operator==(const partition_data&) const = default;
    };

    struct topic_data {
        static const struct_schema schema;

        std::string topic_name;
        uuid topic_id;
        std::vector<partition_data> partitions;

        bool operator==(const topic_data&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::vector<topic_data> topics;

    bool operator==(const alter_partition_response&) const = default;
};

}  // namespace verdikt::kafka::messages
