/// What compaction must not change of a log.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace verdikt::tests {

/// Offset, key and value of the newest record of each key, by key: of those that stand alone and of
/// those whose transaction was committed. Two replicas of a compacted partition agree on that and
/// need not on more: what was aborted or overwritten goes when each gets to it.
[[nodiscard]] std::vector<std::byte> newest_of_each_key(std::span<const std::byte> batches);

}  // namespace verdikt::tests
