/// Asks leaders where the epochs of positions end in their logs (OffsetForLeaderEpoch, KIP-320).
#pragma once

#include "client/ask_leaders.h"
#include "client/positions.h"

#include <map>

namespace verdikt::client {

/// The end of the largest epoch not above each position's. Requires: each position has an epoch.
runtime::awaitable<partition_outcomes<fetch_position>> find_epoch_ends(
    cluster& within,
    std::map<topic_partition, partition_position> positions,
    runtime::instant deadline);

}  // namespace verdikt::client
