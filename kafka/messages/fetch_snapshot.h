/// FetchSnapshot: a snapshot of the metadata log, piece by piece (KIP-630).
#pragma once

#include "kafka/messages/record_data.h"
#include "kafka/messages/schema.h"
#include "kafka/types.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// The follower's directory id since version 1 (KIP-853).
struct fetch_snapshot_request {
    static const message_schema schema;

    struct snapshot_id_type {
        static const struct_schema schema;

        std::int64_t end_offset = 0;
        std::int32_t epoch = 0;

        bool operator==(const snapshot_id_type&) const = default;
    };

    struct partition_snapshot {
        static const struct_schema schema;

        std::int32_t partition = 0;
        std::int32_t current_leader_epoch = 0;
        snapshot_id_type snapshot_id;
        std::int64_t position = 0;
        uuid replica_directory_id;

        bool operator==(const partition_snapshot&) const = default;
    };

    struct topic_snapshot {
        static const struct_schema schema;

        std::string name;
        std::vector<partition_snapshot> partitions;

        bool operator==(const topic_snapshot&) const = default;
    };

    std::optional<std::string> cluster_id;
    std::int32_t replica_id = -1;
    std::int32_t max_bytes = std::numeric_limits<std::int32_t>::max();
    std::vector<topic_snapshot> topics;

    bool operator==(const fetch_snapshot_request&) const = default;
};

/// Where leaders can be reached since version 1 (KIP-853).
struct fetch_snapshot_response {
    static const message_schema schema;

    struct snapshot_id_type {
        static const struct_schema schema;

        std::int64_t end_offset = 0;
        std::int32_t epoch = 0;

        bool operator==(const snapshot_id_type&) const = default;
    };

    struct leader_id_and_epoch {
        static const struct_schema schema;

        std::int32_t leader_id = 0;
        std::int32_t leader_epoch = 0;

        bool operator==(const leader_id_and_epoch&) const = default;
    };

    struct partition_snapshot {
        static const struct_schema schema;

        std::int32_t index = 0;
        std::int16_t error_code = 0;
        snapshot_id_type snapshot_id;
        leader_id_and_epoch current_leader;
        std::int64_t size = 0;
        std::int64_t position = 0;
        record_data unaligned_records;

        bool operator==(const partition_snapshot&) const = default;
    };

    struct topic_snapshot {
        static const struct_schema schema;

        std::string name;
        std::vector<partition_snapshot> partitions;

        bool operator==(const topic_snapshot&) const = default;
    };

    struct node_endpoint {
        static const struct_schema schema;

        std::int32_t node_id = 0;
        std::string host;
        std::uint16_t port = 0;

        bool operator==(const node_endpoint&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::vector<topic_snapshot> topics;
    std::vector<node_endpoint> node_endpoints;

    bool operator==(const fetch_snapshot_response&) const = default;
};

}  // namespace verdikt::kafka::messages
