/// Brings a partition's directory back to a state that the log can go on from, whatever a crash
/// left.
///
/// Checksums are trusted and nothing else. In order: what was never finished is removed, and swaps
/// that were decided are finished; segments below the log start go; from the recovery point on
/// every batch is read and verified, and the log is cut at the first that is bad; indexes, epochs
/// and producer state of what was read are built from it. Segments that end below the recovery
/// point were synced once, together with their indexes. What lies above it is written again before
/// it is synced: after a failed sync the page cache shows what no later sync would write.
///
/// After a clean shutdown nothing is verified: the indexes are loaded and what they leave open is
/// read.
///
/// Cut at any point, recovery starts over and ends the same: every step is idempotent, and nothing
/// is appended before all of it is durable. But an empty log, which has nothing to lose, is left to
/// make its names durable when it gets its first records: a node may have thousands of them.
#pragma once

#include "broker/storage/leader_epoch_cache.h"
#include "broker/storage/log_config.h"
#include "broker/storage/producer_table.h"
#include "broker/storage/segment_files.h"
#include "kafka/types.h"
#include "runtime/environment.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace verdikt::broker::storage {

/// What the directory's checkpoints say about the partition.
struct recovery_hints {
    bool clean = false;
    kafka::offset recovery_point{0};
    kafka::offset log_start{0};
};

struct recovered_log {
    std::vector<segment_ptr> segments;  ///< At least one; the last one grows.
    kafka::offset log_start;
    /// Of the hint, unless the log ends below it. It must not fall: what a compaction left below it
    /// has gaps, which a later recovery would take for damage.
    kafka::offset recovery_point;
    leader_epoch_cache epochs;
    /// Whether the checkpoint file says the same; otherwise the log writes it with its first flush.
    bool epochs_saved = false;
    producer_table producers;
    /// For the operator: how much was read, what was cut off and why.
    std::uint64_t bytes_verified = 0;
    std::uint64_t bytes_cut = 0;
    std::string damage;
};

[[nodiscard]] file_result<recovered_log> recover_log(runtime::environment& world,
                                                     std::filesystem::path directory,
                                                     recovery_hints hints,
                                                     log_config config);

}  // namespace verdikt::broker::storage
