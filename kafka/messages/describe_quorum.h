/// DescribeQuorum: leader, voters and observers of the controller quorum (KIP-595).
#pragma once

#include "kafka/messages/schema.h"
#include "kafka/types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// The same in all versions; they differ in the answer.
struct describe_quorum_request {
    static const message_schema schema;

    struct partition_data {
        static const struct_schema schema;

        std::int32_t partition_index = 0;

        bool operator==(const partition_data&) const = default;
    };

    struct topic_data {
        static const struct_schema schema;

        std::string topic_name;
        std::vector<partition_data> partitions;

        bool operator==(const topic_data&) const = default;
    };

    std::vector<topic_data> topics;

    bool operator==(const describe_quorum_request&) const = default;
};

/// Times of the last fetches since version 1 (KIP-836), directory ids, messages and the voters'
/// endpoints since version 2 (KIP-853).
struct describe_quorum_response {
    static const message_schema schema;

    struct replica_state {
        static const struct_schema schema;

        std::int32_t replica_id = 0;
        uuid replica_directory_id;
        std::int64_t log_end_offset = 0;
        std::int64_t last_fetch_timestamp = -1;
        std::int64_t last_caught_up_timestamp = -1;

        bool operator==(const replica_state&) const = default;
    };

    struct partition_data {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int16_t error_code = 0;
        std::optional<std::string> error_message = "";
        std::int32_t leader_id = 0;
        std::int32_t leader_epoch = 0;
        std::int64_t high_watermark = 0;
        std::vector<replica_state> current_voters;
        std::vector<replica_state> observers;

        bool operator==(const partition_data&) const = default;
    };

    struct topic_data {
        static const struct_schema schema;

        std::string topic_name;
        std::vector<partition_data> partitions;

        bool operator==(const topic_data&) const = default;
    };

    struct listener {
        static const struct_schema schema;

        std::string name;
        std::string host;
        std::uint16_t port = 0;

        bool operator==(const listener&) const = default;
    };

    struct node {
        static const struct_schema schema;

        std::int32_t node_id = 0;
        std::vector<listener> listeners;

        bool operator==(const node&) const = default;
    };

    std::int16_t error_code = 0;
    std::optional<std::string> error_message = "";
    std::vector<topic_data> topics;
    std::vector<node> nodes;

    bool operator==(const describe_quorum_response&) const = default;
};

}  // namespace verdikt::kafka::messages
