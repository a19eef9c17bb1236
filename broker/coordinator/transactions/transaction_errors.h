/// What a client of a transaction is told.
#pragma once

#include "kafka/api_keys.h"
#include "kafka/error_codes.h"

#include <cstdint>

namespace verdikt::broker::coordinator::transactions {

/// Where `__transaction_state` could not be written.
[[nodiscard]] kafka::error_code coordinator_error(kafka::error_code append_outcome);

/// As that version of the request can say it: older clients know neither PRODUCER_FENCED nor
/// TRANSACTION_ABORTABLE.
[[nodiscard]] kafka::error_code spoken_error(kafka::api_key key,
                                             std::int16_t version,
                                             kafka::error_code error);

}  // namespace verdikt::broker::coordinator::transactions
