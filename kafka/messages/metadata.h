/// Metadata: brokers, topics, and who leads each partition.
#pragma once

#include "kafka/messages/schema.h"
#include "kafka/types.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::kafka::messages {

/// Null topics ask for all of them, except in version 0, where an empty list does. Topic ids since
/// version 10, and asking by id alone since version 12 (KIP-516).
struct metadata_request {
    static const message_schema schema;

    struct metadata_request_topic {
        static const struct_schema schema;

        uuid topic_id;
        std::optional<std::string> name = "";

        bool operator==(const metadata_request_topic&) const = default;
    };

    std::optional<std::vector<metadata_request_topic>> topics{std::in_place};
    bool allow_auto_topic_creation = true;
    bool include_cluster_authorized_operations = false;
    bool include_topic_authorized_operations = false;

    bool operator==(const metadata_request&) const = default;
};

/// A partition without a leader has LEADER_NOT_AVAILABLE and leader id -1; leader epochs since
/// version 7 (KIP-320).
struct metadata_response {
    static const message_schema schema;

    struct metadata_response_broker {
        static const struct_schema schema;

        std::int32_t node_id = 0;
        std::string host;
        std::int32_t port = 0;
        std::optional<std::string> rack;

        bool operator==(const metadata_response_broker&) const = default;
    };

    struct metadata_response_partition {
        static const struct_schema schema;

        std::int16_t error_code = 0;
        std::int32_t partition_index = 0;
        std::int32_t leader_id = 0;
        std::int32_t leader_epoch = -1;
        std::vector<std::int32_t> replica_nodes;
        std::vector<std::int32_t> isr_nodes;
        std::vector<std::int32_t> offline_replicas;

        bool operator==(const metadata_response_partition&) const = default;
    };

    struct metadata_response_topic {
        static const struct_schema schema;

        std::int16_t error_code = 0;
        std::optional<std::string> name = "";
        uuid topic_id;
        bool is_internal = false;
        std::vector<metadata_response_partition> partitions;
        std::int32_t topic_authorized_operations = std::numeric_limits<std::int32_t>::min();

        bool operator==(const metadata_response_topic&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::vector<metadata_response_broker> brokers;
    std::optional<std::string> cluster_id;
    std::int32_t controller_id = -1;
    std::vector<metadata_response_topic> topics;
    std::int32_t cluster_authorized_operations = std::numeric_limits<std::int32_t>::min();

    bool operator==(const metadata_response&) const = default;
};

}  // namespace verdikt::kafka::messages
