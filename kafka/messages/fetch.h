/// Fetch: record batches from a log, for consumers and following brokers.
#pragma once

#include "kafka/messages/record_data.h"
#include "kafka/messages/schema.h"
#include "kafka/types.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::kafka::messages {

/// Fetch sessions since version 7 (KIP-227), leader epochs since 9 (KIP-320), divergence checks
/// since 12 (KIP-595), topic ids instead of names since 13 (KIP-516), the broker epoch of followers
/// since 15 (KIP-903).
struct fetch_request {
    static const message_schema schema;

    struct replica_state_type {
        static const struct_schema schema;

        std::int32_t replica_id = -1;
        std::int64_t replica_epoch = -1;

        bool operator==(const replica_state_type&) const = default;
    };

    struct fetch_partition {
        static const struct_schema schema;

        std::int32_t partition = 0;
        std::int32_t current_leader_epoch = -1;
        std::int64_t fetch_offset = 0;
        std::int32_t last_fetched_epoch = -1;
        std::int64_t log_start_offset = -1;
        std::int32_t partition_max_bytes = 0;
        uuid replica_directory_id;

        bool operator==(const fetch_partition&) const = default;
    };

    struct fetch_topic {
        static const struct_schema schema;

        std::string topic;
        uuid topic_id;
        std::vector<fetch_partition> partitions;

        bool operator==(const fetch_topic&) const = default;
    };

    struct forgotten_topic {
        static const struct_schema schema;

        std::string topic;
        uuid topic_id;
        std::vector<std::int32_t> partitions;

        bool operator==(const forgotten_topic&) const = default;
    };

    std::optional<std::string> cluster_id;
    std::int32_t replica_id = -1;
    replica_state_type replica_state;
    std::int32_t max_wait_ms = 0;
    std::int32_t min_bytes = 0;
    std::int32_t max_bytes = std::numeric_limits<std::int32_t>::max();
    std::int8_t isolation_level = 0;
    std::int32_t session_id = 0;
    std::int32_t session_epoch = -1;
    std::vector<fetch_topic> topics;
    std::vector<forgotten_topic> forgotten_topics_data;
    std::string rack_id;

    bool operator==(const fetch_request&) const = default;
};

/// Aborted transactions since version 4 (KIP-98), log start offset since 5 (KIP-107), a preferred
/// replica since 11 (KIP-392), tagged hints about divergence and the new leader since 12 and 16
/// (KIP-595, KIP-951).
struct fetch_response {
    static const message_schema schema;

    struct epoch_end_offset {
        static const struct_schema schema;

        std::int32_t epoch = -1;
        std::int64_t end_offset = -1;

        bool operator==(const epoch_end_offset&) const = default;
    };

    struct leader_id_and_epoch {
        static const struct_schema schema;

        std::int32_t leader_id = -1;
        std::int32_t leader_epoch = -1;

        bool operator==(const leader_id_and_epoch&) const = default;
    };

    struct snapshot_id_type {
        static const struct_schema schema;

        std::int64_t end_offset = -1;
        std::int32_t epoch = -1;

        bool operator==(const snapshot_id_type&) const = default;
    };

    struct aborted_transaction {
        static const struct_schema schema;

        std::int64_t producer_id = 0;
        std::int64_t first_offset = 0;

        bool operator==(const aborted_transaction&) const = default;
    };

    struct partition_data {
        static const struct_schema schema;

        std::int32_t partition_index = 0;
        std::int16_t error_code = 0;
        std::int64_t high_watermark = 0;
        std::int64_t last_stable_offset = -1;
        std::int64_t log_start_offset = -1;
        epoch_end_offset diverging_epoch;
        leader_id_and_epoch current_leader;
        snapshot_id_type snapshot_id;
        std::optional<std::vector<aborted_transaction>> aborted_transactions{std::in_place};
        std::int32_t preferred_read_replica = -1;
        std::optional<record_data> records;

        bool operator==(const partition_data&) const = default;
    };

    struct fetchable_topic_response {
        static const struct_schema schema;

        std::string topic;
        uuid topic_id;
        std::vector<partition_data> partitions;

        bool operator==(const fetchable_topic_response&) const = default;
    };

    struct node_endpoint {
        static const struct_schema schema;

        std::int32_t node_id = 0;
        std::string host;
        std::int32_t port = 0;
        std::optional<std::string> rack;

        bool operator==(const node_endpoint&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::int32_t session_id = 0;
    std::vector<fetchable_topic_response> responses;
    std::vector<node_endpoint> node_endpoints;

    bool operator==(const fetch_response&) const = default;
};

}  // namespace verdikt::kafka::messages
