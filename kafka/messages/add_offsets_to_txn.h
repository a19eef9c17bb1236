/// AddOffsetsToTxn: a group whose offsets a transaction is about to commit (KIP-98).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <string>

namespace verdikt::kafka::messages {

/// Adds the group's partition of __consumer_offsets to the transaction.
struct add_offsets_to_txn_request {
    static const message_schema schema;

    std::string transactional_id;
    std::int64_t producer_id = 0;
    std::int16_t producer_epoch = 0;
    std::string group_id;

    bool operator==(const add_offsets_to_txn_request&) const = default;
};

/// One error.
struct add_offsets_to_txn_response {
    static const message_schema schema;

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;

    bool operator==(const add_offsets_to_txn_response&) const = default;
};

}  // namespace verdikt::kafka::messages
