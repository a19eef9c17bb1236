/// What a client of a coordinator is told when its log, `__consumer_offsets` or
/// `__transaction_state`, could not be written.
#pragma once

#include "kafka/error_codes.h"

namespace verdikt::broker::coordinator {

/// To whom joins, syncs, or deletes a group, or asks for a transaction.
[[nodiscard]] kafka::error_code coordinator_error(kafka::error_code append_outcome);

/// To whom commits offsets.
[[nodiscard]] kafka::error_code commit_error(kafka::error_code append_outcome);

}  // namespace verdikt::broker::coordinator
