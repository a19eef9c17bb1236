/// How errors are told to clients that do not know them yet.
#pragma once

#include "kafka/api_keys.h"
#include "kafka/error_codes.h"

#include <cstdint>

namespace verdikt::broker::coordinator::transactions {

/// As that version of the request can say it: older clients know neither PRODUCER_FENCED nor
/// TRANSACTION_ABORTABLE.
[[nodiscard]] kafka::error_code spoken_error(kafka::api_key key,
                                             std::int16_t version,
                                             kafka::error_code error);

}  // namespace verdikt::broker::coordinator::transactions
