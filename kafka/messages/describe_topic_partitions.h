/// DescribeTopicPartitions: partitions with their eligible leaders, a page at a time (KIP-966).
#pragma once

#include "kafka/messages/schema.h"
#include "kafka/types.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Where a page starts: at this partition of this topic.
struct topic_cursor {
    static const struct_schema schema;

    std::string topic_name;
    std::int32_t partition_index = 0;

    bool operator==(const topic_cursor&) const = default;
};

/// A cursor asks for the page that starts there.
struct describe_topic_partitions_request {
    static const message_schema schema;

    struct topic_request {
        static const struct_schema schema;

        std::string name;

        bool operator==(const topic_request&) const = default;
    };

    std::vector<topic_request> topics;
    std::int32_t response_partition_limit = 2000;
    std::optional<topic_cursor> cursor;

    bool operator==(const describe_topic_partitions_request&) const = default;
};

/// `next_cursor` is null on the last page.
struct describe_topic_partitions_response {
    static const message_schema schema;

    struct describe_topic_partitions_response_partition {
        static const struct_schema schema;

        std::int16_t error_code = 0;
        std::int32_t partition_index = 0;
        std::int32_t leader_id = 0;
        std::int32_t leader_epoch = -1;
        std::vector<std::int32_t> replica_nodes;
        std::vector<std::int32_t> isr_nodes;
        std::optional<std::vector<std::int32_t>> eligible_leader_replicas;
        std::optional<std::vector<std::int32_t>> last_known_elr;
        std::vector<std::int32_t> offline_replicas;

        bool operator==(const describe_topic_partitions_response_partition&) const = default;
    };

    struct describe_topic_partitions_response_topic {
        static const struct_schema schema;

        std::int16_t error_code = 0;
        std::optional<std::string> name = "";
        uuid topic_id;
        bool is_internal = false;
        std::vector<describe_topic_partitions_response_partition> partitions;
        std::int32_t topic_authorized_operations = std::numeric_limits<std::int32_t>::min();

        bool operator==(const describe_topic_partitions_response_topic&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::vector<describe_topic_partitions_response_topic> topics;
    std::optional<topic_cursor> next_cursor;

    bool operator==(const describe_topic_partitions_response&) const = default;
};

}  // namespace verdikt::kafka::messages
