/// OffsetForLeaderEpoch: where an epoch ended, to find out where two logs parted (KIP-101,
/// KIP-320).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Asks for the end of the largest epoch that is not above `leader_epoch`. Fenced by the current
/// epoch since version 2 (KIP-320).
struct offset_for_leader_epoch_request {
    static const message_schema schema;

    struct offset_for_leader_partition {
        static const struct_schema schema;

        std::int32_t partition = 0;
        std::int32_t current_leader_epoch = -1;
        std::int32_t leader_epoch = 0;

        bool operator==(const offset_for_leader_partition&) const = default;
    };

    struct offset_for_leader_topic {
        static const struct_schema schema;

        std::string topic;
        std::vector<offset_for_leader_partition> partitions;

        bool operator==(const offset_for_leader_topic&) const = default;
    };

    std::int32_t replica_id = -2;
    std::vector<offset_for_leader_topic> topics;

    bool operator==(const offset_for_leader_epoch_request&) const = default;
};

/// The epoch found and the offset after its last record; -1 for both where there is none.
struct offset_for_leader_epoch_response {
    static const message_schema schema;

    struct epoch_end_offset {
        static const struct_schema schema;

        std::int16_t error_code = 0;
        std::int32_t partition = 0;
        std::int32_t leader_epoch = -1;
        std::int64_t end_offset = -1;

        bool operator==(const epoch_end_offset&) const = default;
    };

    struct offset_for_leader_topic_result {
        static const struct_schema schema;

        std::string topic;
        std::vector<epoch_end_offset> partitions;

        bool operator==(const offset_for_leader_topic_result&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::vector<offset_for_leader_topic_result> topics;

    bool operator==(const offset_for_leader_epoch_response&) const = default;
};

}  // namespace verdikt::kafka::messages
