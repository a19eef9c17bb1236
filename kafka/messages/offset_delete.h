/// OffsetDelete: forget how far a group had come (KIP-496).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// The group must not be subscribed to the topics.
struct offset_delete_request {
    static const message_schema schema;

    struct offset_delete_request_partition {
        static const struct_schema schema;

        std::int32_t partition_index = 0;

        bool operator==(const offset_delete_request_partition&) const = default;
    };

    struct offset_delete_request_topic {
        static const struct_schema schema;

        std::string name;
        std::vector<offset_delete_request_partition> partitions;

        bool operator==(const offset_delete_request_topic&) const = default;
    };

    std::string group_id;
    std::vector<offset_delete_request_topic> topics;

    bool operator==(const offset_delete_request&) const = default;
};

/// An error for the whole, and one for each partition.
struct offset_delete_response {
    static const message_schema schema;

    struct offset_delete_response_partition {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int16_t error_code = 0;

        bool operator==(const offset_delete_response_partition&) const = default;
    };

    struct offset_delete_response_topic {
        static const struct_schema schema;

        std::string name;
        std::vector<offset_delete_response_partition> partitions;

        bool operator==(const offset_delete_response_topic&) const = default;
    };

    std::int16_t error_code = 0;
    std::int32_t throttle_time_ms = 0;
    std::vector<offset_delete_response_topic> topics;

    bool operator==(const offset_delete_response&) const = default;
};

}  // namespace verdikt::kafka::messages
