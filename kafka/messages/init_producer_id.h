/// InitProducerId: an identity for an idempotent or transactional producer (KIP-98).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>

namespace verdikt::kafka::messages {

/// Since version 3 a producer may name the id and epoch that it has, to bump it (KIP-360).
struct init_producer_id_request {
    static const message_schema schema;

    std::optional<std::string> transactional_id = "";
    std::int32_t transaction_timeout_ms = 0;
    std::int64_t producer_id = -1;
    std::int16_t producer_epoch = -1;

    bool operator==(const init_producer_id_request&) const = default;
};

/// A producer id and its epoch.
struct init_producer_id_response {
    static const message_schema schema;

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::int64_t producer_id = -1;
    std::int16_t producer_epoch = 0;

    bool operator==(const init_producer_id_response&) const = default;
};

}  // namespace verdikt::kafka::messages
