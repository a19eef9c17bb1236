/// EndTxn: commits or aborts a transaction (KIP-98).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <string>

namespace verdikt::kafka::messages {

/// Since version 5 the producer gets a new epoch for its next transaction (KIP-890).
struct end_txn_request {
    static const message_schema schema;

    std::string transactional_id;
    std::int64_t producer_id = 0;
    std::int16_t producer_epoch = 0;
    bool committed = false;

    bool operator==(const end_txn_request&) const = default;
};

/// Since version 5 the identity under which to go on.
struct end_txn_response {
    static const message_schema schema;

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::int64_t producer_id = -1;
    std::int16_t producer_epoch = -1;

    bool operator==(const end_txn_response&) const = default;
};

}  // namespace verdikt::kafka::messages
