/// ElectLeaders: elections that an operator asks for.
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::kafka::messages {

/// Type 0 elects the preferred replica, 1 the first live one if need be (KIP-460). Null partitions
/// ask for all of them.
struct elect_leaders_request {
    static const message_schema schema;

    struct election_topic {
        static const struct_schema schema;

        std::string topic;
        std::vector<std::int32_t> partitions;

        bool operator==(const election_topic&) const = default;
    };

    std::int8_t election_type = 0;
    std::optional<std::vector<election_topic>> topic_partitions{std::in_place};
    std::int32_t timeout_ms = 60000;

    bool operator==(const elect_leaders_request&) const = default;
};

/// An error for each partition.
struct elect_leaders_response {
    static const message_schema schema;

    struct election_result {
        static const struct_schema schema;

        std::int32_t partition_id = 0;
        std::int16_t error_code = 0;
        std::optional<std::string> error_message = "";

        bool operator==(const election_result&) const = default;
    };

    struct replica_election_result {
        static const struct_schema schema;

        std::string topic;
        std::vector<election_result> partition_result;

        bool operator==(const replica_election_result&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::vector<replica_election_result> replica_election_results;

    bool operator==(const elect_leaders_response&) const = default;
};

}  // namespace verdikt::kafka::messages
