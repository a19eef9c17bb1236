/// Which directory of a broker holds which replica (KIP-858).
#pragma once

#include "broker/controller/draft.h"
#include "kafka/messages/assign_replicas_to_dirs.h"

namespace verdikt::broker::controller {

/// Notes where replicas lie. One that moves away from a directory that its broker lost has started
/// over with nothing: it is dropped from in-sync and eligible sets, and forgotten as last leader.
///
/// 77 for another process than the registered one, 100 and 3 for a partition that is not there, 6
/// where the broker has no replica.
[[nodiscard]] kafka::messages::assign_replicas_to_dirs_response assign_replicas_to_dirs(
    draft& into, const kafka::messages::assign_replicas_to_dirs_request& request);

}  // namespace verdikt::broker::controller
