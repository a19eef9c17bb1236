/// ListTransactions: the transactions that a coordinator knows (KIP-664).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// An empty filter lets everything pass. By duration since version 1 (KIP-994).
struct list_transactions_request {
    static const message_schema schema;

    std::vector<std::string> state_filters;
    std::vector<std::int64_t> producer_id_filters;
    std::int64_t duration_filter = -1;

    bool operator==(const list_transactions_request&) const = default;
};

/// Ids and states, without the partitions.
struct list_transactions_response {
    static const message_schema schema;

    struct listed_transaction {
        static const struct_schema schema;

        std::string transactional_id;
        std::int64_t producer_id = 0;
        std::string transaction_state;

        bool operator==(const listed_transaction&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::vector<std::string> unknown_state_filters;
    std::vector<listed_transaction> transaction_states;

    bool operator==(const list_transactions_response&) const = default;
};

}  // namespace verdikt::kafka::messages
