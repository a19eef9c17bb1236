/// DescribeCluster: brokers, controller and cluster id (KIP-700).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Since version 1 brokers (1) or controllers (2) may be asked for (KIP-919).
struct describe_cluster_request {
    static const message_schema schema;

    bool include_cluster_authorized_operations = false;
    std::int8_t endpoint_type = 1;

    bool operator==(const describe_cluster_request&) const = default;
};

/// The controller id may be that of any broker that forwards to the controller (KIP-590).
struct describe_cluster_response {
    static const message_schema schema;

    struct describe_cluster_broker {
        static const struct_schema schema;

        std::int32_t broker_id = 0;
        std::string host;
        std::int32_t port = 0;
        std::optional<std::string> rack;

        bool operator==(const describe_cluster_broker&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::optional<std::string> error_message;
    std::int8_t endpoint_type = 1;
    std::string cluster_id;
    std::int32_t controller_id = -1;
    std::vector<describe_cluster_broker> brokers;
    std::int32_t cluster_authorized_operations = std::numeric_limits<std::int32_t>::min();

    bool operator==(const describe_cluster_response&) const = default;
};

}  // namespace verdikt::kafka::messages
