/// OffsetCommit: how far a group has come.
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Leader epochs since version 6 (KIP-320), static membership since 7 (KIP-345), KIP-848 groups
/// since 9. Retention is the broker's business since version 5.
struct offset_commit_request {
    static const message_schema schema;

    struct offset_commit_request_partition {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int64_t committed_offset = 0;
        std::int32_t committed_leader_epoch = -1;
        std::int64_t commit_timestamp = -1;
        std::optional<std::string> committed_metadata = "";

        bool operator==(const offset_commit_request_partition&) const = default;
    };

    struct offset_commit_request_topic {
        static const struct_schema schema;

        std::string name;
        std::vector<offset_commit_request_partition> partitions;

        bool operator==(const offset_commit_request_topic&) const = default;
    };

    std::string group_id;
    std::int32_t generation_id_or_member_epoch = -1;
    std::string member_id;
    std::optional<std::string> group_instance_id;
    std::int64_t retention_time_ms = -1;
    std::vector<offset_commit_request_topic> topics;

    bool operator==(const offset_commit_request&) const = default;
};

/// One error for each partition.
struct offset_commit_response {
    static const message_schema schema;

    struct offset_commit_response_partition {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int16_t error_code = 0;

        bool operator==(const offset_commit_response_partition&) const = default;
    };

    struct offset_commit_response_topic {
        static const struct_schema schema;

        std::string name;
        std::vector<offset_commit_response_partition> partitions;

        bool operator==(const offset_commit_response_topic&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::vector<offset_commit_response_topic> topics;

    bool operator==(const offset_commit_response&) const = default;
};

}  // namespace verdikt::kafka::messages
