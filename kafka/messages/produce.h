/// Produce: record batches to append.
#pragma once

#include "kafka/messages/record_data.h"
#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Magic 2 batches need version 3; zstd needs version 7 (KIP-110); from version 12 on it would
/// imply transactions of the second kind (KIP-890), which is why the versions here end at 11.
struct produce_request {
    static const message_schema schema;

    struct partition_produce_data {
        static const struct_schema schema;

        std::int32_t index = 0;
        std::optional<record_data> records;

        bool operator==(const partition_produce_data&) const = default;
    };

    struct topic_produce_data {
        static const struct_schema schema;

        std::string name;
        std::vector<partition_produce_data> partition_data;

        bool operator==(const topic_produce_data&) const = default;
    };

    std::optional<std::string> transactional_id;
    std::int16_t acks = 0;
    std::int32_t timeout_ms = 0;
    std::vector<topic_produce_data> topic_data;

    bool operator==(const produce_request&) const = default;
};

/// Absent altogether if the request asked for no acknowledgement. Since version 8 it tells bad
/// records apart (KIP-467), since version 10 it names the new leader (KIP-951).
struct produce_response {
    static const message_schema schema;

    struct batch_index_and_error_message {
        static const struct_schema schema;

        std::int32_t batch_index = 0;
        std::optional<std::string> batch_index_error_message;

        bool operator==(const batch_index_and_error_message&) const = default;
    };

    struct leader_id_and_epoch {
        static const struct_schema schema;

        std::int32_t leader_id = -1;
        std::int32_t leader_epoch = -1;

        bool operator==(const leader_id_and_epoch&) const = default;
    };

    struct partition_produce_response {
        static const struct_schema schema;

        std::int32_t index = 0;
        std::int16_t error_code = 0;
        std::int64_t base_offset = 0;
        std::int64_t log_append_time_ms = -1;
        std::int64_t log_start_offset = -1;
        std::vector<batch_index_and_error_message> record_errors;
        std::optional<std::string> error_message;
        leader_id_and_epoch current_leader;

        bool operator==(const partition_produce_response&) const = default;
    };

    struct topic_produce_response {
        static const struct_schema schema;

        std::string name;
        std::vector<partition_produce_response> partition_responses;

        bool operator==(const topic_produce_response&) const = default;
    };

    struct node_endpoint {
        static const struct_schema schema;

        std::int32_t node_id = 0;
        std::string host;
        std::int32_t port = 0;
        std::optional<std::string> rack;

        bool operator==(const node_endpoint&) const = default;
    };

    std::vector<topic_produce_response> responses;
    std::int32_t throttle_time_ms = 0;
    std::vector<node_endpoint> node_endpoints;

    bool operator==(const produce_response&) const = default;
};

}  // namespace verdikt::kafka::messages
