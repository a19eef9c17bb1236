/// A seed's worth of trouble for a quorum, then a heal, and what must be true after it.
///
/// Each seed draws its own mix: how many voters, which faults and how often, how slow the disks
/// are, how far the clocks differ. For `storm_length` users append, take snapshots and change
/// voters while the faults come and go; then everything is mended, and within `heal_length` a
/// leader must be ready, append, and have all replicas deliver all that was ever committed.
#pragma once

#include "tests/sim/raft/marks.h"
#include "tests/sim/raft/toy_disk.h"

#include <cstdint>
#include <optional>
#include <string>

namespace verdikt::broker::raft {

struct storm_outcome {
    std::optional<std::string> violation = {};
    std::string history = {};  ///< The last events, if there was one.
    mark_counts marks = {};
    std::uint64_t events = 0;
    std::int64_t committed = 0;
};

[[nodiscard]] storm_outcome run_storm(std::uint64_t seed, deceit disks = deceit::none);

}  // namespace verdikt::broker::raft
