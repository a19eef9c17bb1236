/// DescribeTransactions: how single transactions stand (KIP-664).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// The coordinator of each id answers for it.
struct describe_transactions_request {
    static const message_schema schema;

    std::vector<std::string> transactional_ids;

    bool operator==(const describe_transactions_request&) const = default;
};

/// The state of each, or an error.
struct describe_transactions_response {
    static const message_schema schema;

    struct topic_data {
        static const struct_schema schema;

        std::string topic;
        std::vector<std::int32_t> partitions;

        bool operator==(const topic_data&) const = default;
    };

    struct described_transaction {
        static const struct_schema schema;

        std::int16_t error_code = 0;
        std::string transactional_id;
        std::string transaction_state;
        std::int32_t transaction_timeout_ms = 0;
        std::int64_t transaction_start_time_ms = 0;
        std::int64_t producer_id = 0;
        std::int16_t producer_epoch = 0;
        std::vector<topic_data> topics;

        bool operator==(const described_transaction&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::vector<described_transaction> transaction_states;

    bool operator==(const describe_transactions_response&) const = default;
};

}  // namespace verdikt::kafka::messages
