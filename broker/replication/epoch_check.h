/// Checks that every request about a partition goes through (KIP-320, KIP-595).
#pragma once

#include "broker/replication/log_view.h"
#include "kafka/error_codes.h"
#include "kafka/types.h"

#include <optional>

namespace verdikt::broker::replication {

/// FENCED_LEADER_EPOCH for a sender behind us, UNKNOWN_LEADER_EPOCH for one ahead. -1 skips the
/// check: some clients know no epochs.
[[nodiscard]] kafka::error_code check_leader_epoch(kafka::leader_epoch theirs,
                                                   kafka::leader_epoch ours);

/// Where the log of one who ends at `end` with a record of `last_epoch` is no prefix of `log`: what
/// `log` has of that epoch, or of the last one before it. Nothing if it is a prefix, and for an
/// empty log (-1).
[[nodiscard]] std::optional<storage::epoch_end> divergence(kafka::leader_epoch last_epoch,
                                                           kafka::offset end,
                                                           const log_view& log);

}  // namespace verdikt::broker::replication
