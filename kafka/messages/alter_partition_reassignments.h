/// AlterPartitionReassignments: moves partitions to other brokers (KIP-455).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Null replicas cancel what is under way.
struct alter_partition_reassignments_request {
    static const message_schema schema;

    struct reassignable_partition {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::optional<std::vector<std::int32_t>> replicas;

        bool operator==(const reassignable_partition&) const = default;
    };

    struct reassignable_topic {
        static const struct_schema schema;

        std::string name;
        std::vector<reassignable_partition> partitions;

        bool operator==(const reassignable_topic&) const = default;
    };

    std::int32_t timeout_ms = 60000;
    std::vector<reassignable_topic> topics;

    bool operator==(const alter_partition_reassignments_request&) const = default;
};

/// Says that the move was begun or cancelled, not that it is complete.
struct alter_partition_reassignments_response {
    static const message_schema schema;

    struct reassignable_partition_response {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int16_t error_code = 0;
        std::optional<std::string> error_message = "";

        bool operator==(const reassignable_partition_response&) const = default;
    };

    struct reassignable_topic_response {
        static const struct_schema schema;

        std::string name;
        std::vector<reassignable_partition_response> partitions;

        bool operator==(const reassignable_topic_response&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::optional<std::string> error_message = "";
    std::vector<reassignable_topic_response> responses;

    bool operator==(const alter_partition_reassignments_response&) const = default;
};

}  // namespace verdikt::kafka::messages
