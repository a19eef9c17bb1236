/// AllocateProducerIds: a broker fetches the next block of producer ids (KIP-730).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>

namespace verdikt::kafka::messages {

/// Fenced by the broker epoch.
struct allocate_producer_ids_request {
    static const message_schema schema;

    std::int32_t broker_id = 0;
    std::int64_t broker_epoch = -1;

    bool operator==(const allocate_producer_ids_request&) const = default;
};

/// `producer_id_len` ids from `producer_id_start` on, given to nobody else.
struct allocate_producer_ids_response {
    static const message_schema schema;

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::int64_t producer_id_start = 0;
    std::int32_t producer_id_len = 0;

    bool operator==(const allocate_producer_ids_response&) const = default;
};

}  // namespace verdikt::kafka::messages
