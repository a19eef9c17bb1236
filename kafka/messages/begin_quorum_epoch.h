/// BeginQuorumEpoch: a new leader of the controller quorum makes itself known (KIP-595).
#pragma once

#include "kafka/messages/schema.h"
#include "kafka/types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Flexible, with directory ids and the leader's endpoints, since version 1 (KIP-853).
struct begin_quorum_epoch_request {
    static const message_schema schema;

    struct partition_data {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        uuid voter_directory_id;
        std::int32_t leader_id = 0;
        std::int32_t leader_epoch = 0;

        bool operator==(const partition_data&) const = default;
    };

    struct topic_data {
        static const struct_schema schema;

        std::string topic_name;
        std::vector<partition_data> partitions;

        bool operator==(const topic_data&) const = default;
    };

    struct leader_endpoint {
        static const struct_schema schema;

        std::string name;
        std::string host;
        std::uint16_t port = 0;

        bool operator==(const leader_endpoint&) const = default;
    };

    std::optional<std::string> cluster_id;
    std::int32_t voter_id = -1;
    std::vector<topic_data> topics;
    std::vector<leader_endpoint> leader_endpoints;

    bool operator==(const begin_quorum_epoch_request&) const = default;
};

/// Where leaders can be reached since version 1 (KIP-853).
struct begin_quorum_epoch_response {
    static const message_schema schema;

    struct partition_data {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int16_t error_code = 0;
        std::int32_t leader_id = 0;
        std::int32_t leader_epoch = 0;

        bool operator==(const partition_data&) const = default;
    };

    struct topic_data {
        static const struct_schema schema;

        std::string topic_name;
        std::vector<partition_data> partitions;

        bool operator==(const topic_data&) const = default;
    };

    struct node_endpoint {
        static const struct_schema schema;

        std::int32_t node_id = 0;
        std::string host;
        std::uint16_t port = 0;

        bool operator==(const node_endpoint&) const = default;
    };

    std::int16_t error_code = 0;
    std::vector<topic_data> topics;
    std::vector<node_endpoint> node_endpoints;

    bool operator==(const begin_quorum_epoch_response&) const = default;
};

}  // namespace verdikt::kafka::messages
