/// DescribeProducers: the producers that a partition remembers (KIP-664).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// The leader of a partition answers.
struct describe_producers_request {
    static const message_schema schema;

    struct topic_request {
        static const struct_schema schema;

        std::string name;
        std::vector<std::int32_t> partition_indexes;

        bool operator==(const topic_request&) const = default;
    };

    std::vector<topic_request> topics;

    bool operator==(const describe_producers_request&) const = default;
};

/// What the leader knows of each producer, open transactions included.
struct describe_producers_response {
    static const message_schema schema;

    struct producer_state {
        static const struct_schema schema;

        std::int64_t producer_id = 0;
        std::int32_t producer_epoch = 0;
        std::int32_t last_sequence = -1;
        std::int64_t last_timestamp = -1;
        std::int32_t coordinator_epoch = 0;
        std::int64_t current_txn_start_offset = -1;

        bool operator==(const producer_state&) const = default;
    };

    struct partition_response {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int16_t error_code = 0;
        std::optional<std::string> error_message;
        std::vector<producer_state> active_producers;

        bool operator==(const partition_response&) const = default;
    };

    struct topic_response {
        static const struct_schema schema;

        std::string name;
        std::vector<partition_response> partitions;

        bool operator==(const topic_response&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::vector<topic_response> topics;

    bool operator==(const describe_producers_response&) const = default;
};

}  // namespace verdikt::kafka::messages
