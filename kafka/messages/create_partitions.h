/// CreatePartitions: let topics grow (KIP-195).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::kafka::messages {

/// `count` is the number of partitions afterwards, not of those to add.
struct create_partitions_request {
    static const message_schema schema;

    struct create_partitions_assignment {
        static const struct_schema schema;

        std::vector<std::int32_t> broker_ids;

        bool operator==(const create_partitions_assignment&) const = default;
    };

    struct create_partitions_topic {
        static const struct_schema schema;

        std::string name;
        std::int32_t count = 0;
        std::optional<std::vector<create_partitions_assignment>> assignments{std::in_place};

        bool operator==(const create_partitions_topic&) const = default;
    };

    std::vector<create_partitions_topic> topics;
    std::int32_t timeout_ms = 0;
    bool validate_only = false;

    bool operator==(const create_partitions_request&) const = default;
};

/// One error for each topic.
struct create_partitions_response {
    static const message_schema schema;

    struct create_partitions_topic_result {
        static const struct_schema schema;

        std::string name;
        std::int16_t error_code = 0;
        std::optional<std::string> error_message;

        bool operator==(const create_partitions_topic_result&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::vector<create_partitions_topic_result> results;

    bool operator==(const create_partitions_response&) const = default;
};

}  // namespace verdikt::kafka::messages
