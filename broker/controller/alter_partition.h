/// Changes of in-sync sets that leaders ask for (KIP-497, KIP-841, KIP-903).
#pragma once

#include "broker/controller/draft.h"
#include "kafka/messages/alter_partition.h"

namespace verdikt::broker::controller {

/// Changes each partition of the request or says why not, in this order:
///
/// - 77 for the whole request if the sender's broker epoch is not the registered one;
/// - 100 or 3 for a topic or partition that is not there;
/// - 41 if the sender knows of a later leader or partition epoch: then this is no controller any
/// more;
/// - 74 if its leader epoch is an earlier one; 42 if it is not the leader; 95 if its partition
/// epoch is
///   an earlier one;
/// - 42 if the new set has a broker twice, or one without a replica, or lacks the leader, or has
/// more
///   than the leader while it recovers, or if a leader that has recovered would recover again;
/// - 107 if a member is not registered, fenced, shutting down, on a failed disk, or another process
///   than the leader saw; one that joins must be named with its epoch.
///
/// A proposal that is let in raises the partition epoch, also if it names the set that there is.
///
/// 108 if the change was made and completed a reassignment, whereby the sender does not lead any
/// more.
[[nodiscard]] kafka::messages::alter_partition_response alter_partition(
    draft& into, const kafka::messages::alter_partition_request& request);

}  // namespace verdikt::broker::controller
