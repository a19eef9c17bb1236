/// Moving partitions to other brokers (KIP-455).
///
/// A reassignment names the replicas that a partition shall have. Those that are new are brought in
/// beside the present ones; once they are in sync, the others go, all in one change. Until then it
/// can be replaced by another, or cancelled, which takes the new ones out again.
#pragma once

#include "broker/controller/draft.h"
#include "kafka/messages/alter_partition_reassignments.h"
#include "kafka/messages/list_partition_reassignments.h"

namespace verdikt::broker::controller {

/// 3 no such partition, 39 bad replicas, or none that is complete would be left, 85 nothing to
/// cancel.
[[nodiscard]] kafka::messages::alter_partition_reassignments_response reassign_partitions(
    draft& into, const kafka::messages::alter_partition_reassignments_request& request);

[[nodiscard]] kafka::messages::list_partition_reassignments_response list_reassignments(
    const metadata::image& image,
    const kafka::messages::list_partition_reassignments_request& request);

}  // namespace verdikt::broker::controller
