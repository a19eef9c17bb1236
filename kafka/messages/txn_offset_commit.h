/// TxnOffsetCommit: how far a group has come, once the transaction commits (KIP-98).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Names the member since version 3 (KIP-447). Since 5 it adds the group to the transaction itself
/// (KIP-890).
struct txn_offset_commit_request {
    static const message_schema schema;

    struct txn_offset_commit_request_partition {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int64_t committed_offset = 0;
        std::int32_t committed_leader_epoch = -1;
        std::optional<std::string> committed_metadata = "";

        bool operator==(const txn_offset_commit_request_partition&) const = default;
    };

    struct txn_offset_commit_request_topic {
        static const struct_schema schema;

        std::string name;
        std::vector<txn_offset_commit_request_partition> partitions;

        bool operator==(const txn_offset_commit_request_topic&) const = default;
    };

    std::string transactional_id;
    std::string group_id;
    std::int64_t producer_id = 0;
    std::int16_t producer_epoch = 0;
    std::int32_t generation_id = -1;
    std::string member_id;
    std::optional<std::string> group_instance_id;
    std::vector<txn_offset_commit_request_topic> topics;

    bool operator==(const txn_offset_commit_request&) const = default;
};

/// One error for each partition.
struct txn_offset_commit_response {
    static const message_schema schema;

    struct txn_offset_commit_response_partition {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int16_t error_code = 0;

        bool operator==(const txn_offset_commit_response_partition&) const = default;
    };

    struct txn_offset_commit_response_topic {
        static const struct_schema schema;

        std::string name;
        std::vector<txn_offset_commit_response_partition> partitions;

        bool operator==(const txn_offset_commit_response_topic&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::vector<txn_offset_commit_response_topic> topics;

    bool operator==(const txn_offset_commit_response&) const = default;
};

}  // namespace verdikt::kafka::messages
