/// OffsetFetch: how far a group had come.
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::kafka::messages {

/// One group up to version 7, several since version 8 (KIP-709). Null topics ask for all of them
/// since version 2. `require_stable` waits out open transactions since version 7 (KIP-447).
struct offset_fetch_request {
    static const message_schema schema;

    struct offset_fetch_request_topic {
        static const struct_schema schema;

        std::string name;
        std::vector<std::int32_t> partition_indexes;

        bool operator==(const offset_fetch_request_topic&) const = default;
    };

    struct offset_fetch_request_topics {
        static const struct_schema schema;

        std::string name;
        std::vector<std::int32_t> partition_indexes;

        bool operator==(const offset_fetch_request_topics&) const = default;
    };

    struct offset_fetch_request_group {
        static const struct_schema schema;

        std::string group_id;
        std::optional<std::string> member_id;
        std::int32_t member_epoch = -1;
        std::optional<std::vector<offset_fetch_request_topics>> topics{std::in_place};

        bool operator==(const offset_fetch_request_group&) const = default;
    };

    std::string group_id;
    std::optional<std::vector<offset_fetch_request_topic>> topics{std::in_place};
    std::vector<offset_fetch_request_group> groups;
    bool require_stable = false;

    bool operator==(const offset_fetch_request&) const = default;
};

/// Offset -1 where nothing was committed. One group up to version 7, several since version 8
/// (KIP-709).
struct offset_fetch_response {
    static const message_schema schema;

    struct offset_fetch_response_partition {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int64_t committed_offset = 0;
        std::int32_t committed_leader_epoch = -1;
        std::optional<std::string> metadata = "";
        std::int16_t error_code = 0;

        bool operator==(const offset_fetch_response_partition&) const = default;
    };

    struct offset_fetch_response_topic {
        static const struct_schema schema;

        std::string name;
        std::vector<offset_fetch_response_partition> partitions;

        bool operator==(const offset_fetch_response_topic&) const = default;
    };

    struct offset_fetch_response_partitions {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int64_t committed_offset = 0;
        std::int32_t committed_leader_epoch = -1;
        std::optional<std::string> metadata = "";
        std::int16_t error_code = 0;

        bool operator==(const offset_fetch_response_partitions&) const = default;
    };

    struct offset_fetch_response_topics {
        static const struct_schema schema;

        std::string name;
        std::vector<offset_fetch_response_partitions> partitions;

        bool operator==(const offset_fetch_response_topics&) const = default;
    };

    struct offset_fetch_response_group {
        static const struct_schema schema;

        std::string group_id;
        std::vector<offset_fetch_response_topics> topics;
        std::int16_t error_code = 0;

        bool operator==(const offset_fetch_response_group&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::vector<offset_fetch_response_topic> topics;
    std::int16_t error_code = 0;
    std::vector<offset_fetch_response_group> groups;

    bool operator==(const offset_fetch_response&) const = default;
};

}  // namespace verdikt::kafka::messages
