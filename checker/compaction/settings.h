/// What a compacted log was asked to promise. The defaults are the safe ones.
#pragma once

#include <chrono>
#include <cstdint>

namespace verdikt::checker::compaction {

struct settings {
    /// acks=all, min.insync.replicas ≥ 2, unclean elections off: what is gone was removed, not
    /// lost.
    bool durable = true;
    /// How far the clocks of brokers may be off over the time that a record or tombstone is kept.
    std::chrono::milliseconds clock_error{2'000};
    /// Fewer acknowledged sends, or fewer full reads, prove nothing.
    std::uint64_t sends_min = 1;
    std::uint64_t scans_min = 1;
    /// Fewer records that are seen to have been removed: nothing was cleaned, so nothing is proven
    /// of the cleaner.
    std::uint64_t removed_min = 0;
};

}  // namespace verdikt::checker::compaction
