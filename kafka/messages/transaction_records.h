/// The records of __transaction_state.
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Whose record it is.
struct transaction_log_key {
    static const message_schema schema;

    std::string transactional_id;

    bool operator==(const transaction_log_key&) const = default;
};

/// How a transactional id stands. Producer ids before and after the transaction, and the protocol
/// of its client, since version 1 (KIP-890).
struct transaction_log_value {
    static const message_schema schema;

    struct partitions_schema {
        static const struct_schema schema;

        std::string topic;
        std::vector<std::int32_t> partition_ids;

        bool operator==(const partitions_schema&) const = default;
    };

    std::int64_t producer_id = 0;
    std::int64_t previous_producer_id = -1;
    std::int64_t next_producer_id = -1;
    std::int16_t producer_epoch = 0;
    std::int32_t transaction_timeout_ms = 0;
    std::int8_t transaction_status = 0;
    std::optional<std::vector<partitions_schema>> transaction_partitions =
        std::vector<partitions_schema>{};
    std::int64_t transaction_last_update_timestamp_ms = 0;
    std::int64_t transaction_start_timestamp_ms = 0;
    std::int16_t client_transaction_version = 0;

    bool operator==(const transaction_log_value&) const = default;
};

}  // namespace verdikt::kafka::messages
