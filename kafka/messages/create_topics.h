/// CreateTopics.
#pragma once

#include "kafka/messages/schema.h"
#include "kafka/types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::kafka::messages {

/// -1 for partitions or replication factor takes the broker's default since version 4 (KIP-464). An
/// explicit assignment of replicas excludes both.
struct create_topics_request {
    static const message_schema schema;

    struct creatable_replica_assignment {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::vector<std::int32_t> broker_ids;

        bool operator==(const creatable_replica_assignment&) const = default;
    };

    struct creatable_topic_config {
        static const struct_schema schema;

        std::string name;
        std::optional<std::string> value = "";

        bool operator==(const creatable_topic_config&) const = default;
    };

    struct creatable_topic {
        static const struct_schema schema;

        std::string name;
        std::int32_t num_partitions = 0;
        std::int16_t replication_factor = 0;
        std::vector<creatable_replica_assignment> assignments;
        std::vector<creatable_topic_config> configs;

        bool operator==(const creatable_topic&) const = default;
    };

    std::vector<creatable_topic> topics;
    std::int32_t timeout_ms = 60000;
    bool validate_only = false;

    bool operator==(const create_topics_request&) const = default;
};

/// Since version 5 with what was really created (KIP-525), since version 7 with topic ids
/// (KIP-516).
struct create_topics_response {
    static const message_schema schema;

    struct creatable_topic_configs {
        static const struct_schema schema;

        std::string name;
        std::optional<std::string> value = "";
        bool read_only = false;
        std::int8_t config_source = -1;
        bool is_sensitive = false;

        bool operator==(const creatable_topic_configs&) const = default;
    };

    struct creatable_topic_result {
        static const struct_schema schema;

        std::string name;
        uuid topic_id;
        std::int16_t error_code = 0;
        std::optional<std::string> error_message = "";
        std::int16_t topic_config_error_code = 0;
        std::int32_t num_partitions = -1;
        std::int16_t replication_factor = -1;
        std::optional<std::vector<creatable_topic_configs>> configs{std::in_place};

        bool operator==(const creatable_topic_result&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::vector<creatable_topic_result> topics;

    bool operator==(const create_topics_response&) const = default;
};

}  // namespace verdikt::kafka::messages
