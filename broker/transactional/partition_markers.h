/// Markers at the ends of transactions, on the node that leads a partition.
#pragma once

#include "broker/transactional/transaction_verifier.h"
#include "kafka/error_codes.h"
#include "kafka/types.h"
#include "runtime/environment.h"

#include <map>
#include <vector>

namespace verdikt::broker::transactional {

class partition_markers {
  public:
    virtual ~partition_markers() = default;

    /// Returns once the marker is committed; in a partition of `__consumer_offsets` the group
    /// coordinator knows of it by then. Errors: those of WriteTxnMarkers, for a partition that is
    /// led from elsewhere NOT_LEADER_OR_FOLLOWER or UNKNOWN_TOPIC_OR_PARTITION.
    [[nodiscard]] virtual runtime::awaitable<kafka::error_code> write_marker(
        transaction_marker marker, kafka::topic_partition where) = 0;
};

using marker_outcomes = std::map<kafka::topic_partition, kafka::error_code>;

/// Writes the marker to all of them at once. Requires: `markers` outlives the coroutine.
[[nodiscard]] runtime::awaitable<marker_outcomes> write_markers(
    runtime::environment& world,
    partition_markers& markers,
    transaction_marker marker,
    std::vector<kafka::topic_partition> where);

}  // namespace verdikt::broker::transactional
