/// One segment of a log: the state of its file and its indexes in memory.
///
/// Only the last segment of a log grows. `note` keeps everything that follows from the batches in
/// step: appends, recovery and compaction all go through it, so what is rebuilt from the log equals
/// what was built while it was written. Whoever changes the file says so here at once.
///
/// `size` runs ahead of `written` while writes are in flight. The offset and time index of a sealed
/// segment may be absent (nullopt): they are on disk, and read when a lookup needs them.
#pragma once

#include "broker/storage/offset_index.h"
#include "broker/storage/recent_batches.h"
#include "broker/storage/time_index.h"
#include "broker/storage/transaction_index.h"
#include "kafka/records/batch.h"
#include "kafka/types.h"
#include "runtime/files.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace verdikt::broker::storage {

struct segment {
    segment(std::filesystem::path in_directory,
            kafka::offset first,
            std::shared_ptr<runtime::file> log_file);

    /// Takes in a batch that starts at the end of what was noted so far.
    void note(const kafka::records::batch_header& batch, std::int64_t index_interval_bytes);
    /// Nothing noted, no index entries: for scanning it from the start.
    void reset();
    /// Drops index entries for batches that end at or above `offset`, and goes back to the last
    /// entry that remains; returns the position from which the rest has to be noted again.
    std::uint64_t rewind(kafka::offset offset);
    /// Gives the largest timestamp its index entry. No batch may be noted afterwards.
    void seal();

    [[nodiscard]] bool empty() const { return size == 0; }
    /// So small, and without aborted transactions, that the next start reads the log as fast as
    /// its indexes: to write those would take several syncs for each partition of a node.
    [[nodiscard]] bool is_read_at_once() const {
        return size <= read_at_once_max && aborted.empty();
    }
    static constexpr std::uint64_t read_at_once_max = std::uint64_t{64} << 10;

    std::filesystem::path directory;
    kafka::offset base;
    kafka::offset next_offset;
    std::shared_ptr<runtime::file> log;
    std::uint64_t size = 0;
    std::uint64_t written = 0;
    std::optional<offset_index> offsets;
    std::optional<time_index> times;
    transaction_index aborted;
    recent_batches recent;
    kafka::timestamp first_timestamp = kafka::no_timestamp;
    kafka::timestamp max_timestamp = kafka::no_timestamp;
    /// Base offset of the first batch with the largest timestamp.
    kafka::offset max_timestamp_offset;
    std::int64_t bytes_since_index = 0;
    /// Everything in it is on stable storage; only ever set on a sealed segment.
    bool synced = false;
    /// Its index files are on stable storage.
    bool persisted = false;
    /// Producer state at its base, until that is written to its snapshot file.
    std::optional<std::vector<std::byte>> snapshot;
};

}  // namespace verdikt::broker::storage
