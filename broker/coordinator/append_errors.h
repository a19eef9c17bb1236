/// What a client of a group is told when `__consumer_offsets` could not be written.
#pragma once

#include "kafka/error_codes.h"

namespace verdikt::broker::coordinator {

/// To whom joins, syncs, or deletes a group.
[[nodiscard]] kafka::error_code group_error(kafka::error_code append_outcome);

/// To whom commits offsets.
[[nodiscard]] kafka::error_code commit_error(kafka::error_code append_outcome);

}  // namespace verdikt::broker::coordinator
