/// What to tell the controller about where replicas lie (AssignReplicasToDirs, KIP-858).
///
/// Pure. Until the controller knows a replica's directory it cannot tell whom a failed directory
/// concerns.
#pragma once

#include "broker/metadata/image.h"
#include "kafka/messages/assign_replicas_to_dirs.h"
#include "kafka/types.h"

#include <cstddef>
#include <vector>

namespace verdikt::broker::replication::host {

struct replica_location {
    metadata::topic_partition_id which;
    kafka::uuid directory;
};

/// What one request tells at most; the rest is told by the next.
inline constexpr std::size_t locations_per_request_max = 2'000;

/// Requires: at most `locations_per_request_max` locations.
[[nodiscard]] kafka::messages::assign_replicas_to_dirs_request report_of(
    kafka::node_id broker, kafka::broker_epoch epoch, std::vector<replica_location> locations);

}  // namespace verdikt::broker::replication::host
