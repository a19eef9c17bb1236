/// A history of keyed records and full reads of the partitions that they lie in.
///
/// Operations understood, by `f`; a record is `[k n]`, a tombstone `[k n "deleted"]`, where k is
/// its key and n a number that no other record of that key has (brokers are given it in a header,
/// so that a tombstone has one too):
///     create          {p {"cleanup.policy" "compact", "delete.retention.ms" 5000,
///                     "retention.ms" -1}}: how each partition is cleaned. `compact` or `delete`
///     send            [[send p [k n]] …], completed as [[send p [offset [k n]]] …]
///     scan            [[poll {p []}]], completed as [[poll {p [[offset [k n]] …]}]]: everything
///                     from the beginning of one partition up to `end`. `start` and `end` are the
///                     offsets that the leader told after the operation had begun: its earliest
///                     and its high watermark
///     delete-records  {p before}, completed as {p start}: what is below `before` may go (-1: all
///                     that is committed); `start` is where the log begins afterwards
/// A scan that did not get to its end is `fail`, and says nothing. Other operations are left alone.
///
/// Memory grows with the records (about 70 bytes) and with what scans found (4).
#pragma once

#include "checker/history/line_indexes.h"
#include "checker/history/operation.h"
#include "checker/history/reader.h"
#include "checker/log/message_table.h"

#include <cstdint>
#include <expected>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::checker::compaction {

using log::none;

inline constexpr std::int64_t unknown_offset = -1;
inline constexpr std::int64_t forever = std::numeric_limits<std::int64_t>::max();

/// Lines are counted from 0; one that never came has the number `none`, which is behind all others.
struct span_of_lines {
    std::uint32_t begun = 0;
    std::uint32_t ended = none;
};

/// A record that somebody sent or read.
struct record {
    span_of_lines when = {};
    std::int64_t begun_at = 0;  ///< In ns, as all that ends in `_at`.
    /// Where it lies, as its sender or a reader was told; the highest, where that differs.
    std::int64_t offset = unknown_offset;
    /// Each partition has keys of its own.
    std::uint32_t key = 0;
    history::op_type type = history::op_type::info;
    bool tombstone = false;
    bool was_sent = false;
};

/// One that succeeded.
struct scan {
    span_of_lines when = {};
    std::int64_t begun_at = 0;
    std::int64_t ended_at = forever;
    std::uint32_t partition = 0;
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::vector<std::uint32_t> found = {};  ///< Records.
};

struct deletion {
    span_of_lines when = {};
    std::uint32_t partition = 0;
    std::int64_t before = 0;
    /// Where the log was told to begin; `unknown_offset` if it did not succeed.
    std::int64_t start = unknown_offset;
};

enum class policy : std::uint8_t { unknown, compacted, deleted };

struct partition_rules {
    policy cleanup = policy::unknown;
    /// Nanoseconds, or `forever`.
    std::int64_t tombstones_kept = 0;
    std::int64_t records_kept = forever;
};

class recording {
  public:
    /// Reads all of it. An operation that never ended is `info`.
    [[nodiscard]] static std::expected<recording, history::malformed> read(
        history::operation_reader& from);

    [[nodiscard]] const std::vector<record>& records() const { return records_; }
    /// In the order in which they ended.
    [[nodiscard]] const std::vector<scan>& scans() const { return scans_; }
    /// Those that failed are left out.
    [[nodiscard]] const std::vector<deletion>& deletions() const { return deletions_; }
    /// By partition.
    [[nodiscard]] const std::vector<partition_rules>& rules() const { return rules_; }
    [[nodiscard]] std::uint64_t operations() const { return operations_; }

    [[nodiscard]] std::size_t keys() const { return keys_.size(); }
    [[nodiscard]] std::uint32_t partition_of_key(std::uint32_t key) const {
        return keys_.partition_of(key);
    }
    [[nodiscard]] std::uint32_t partition_of(const record& one) const {
        return partition_of_key(one.key);
    }
    [[nodiscard]] std::string partition_text(std::uint32_t partition) const {
        return partitions_.text_of(partition);
    }
    /// "record 7 of key 3 in partition 0".
    [[nodiscard]] std::string text_of(std::uint32_t record) const;
    /// The `index` of the operation on that line.
    [[nodiscard]] std::int64_t index_of(std::uint32_t line) const { return indexes_.of(line); }
    /// The line that shows best what the operation did.
    [[nodiscard]] std::int64_t index_of(const span_of_lines& when) const {
        return index_of(when.ended == none ? when.begun : when.ended);
    }

  private:
    friend class recorder;

    std::vector<record> records_;
    std::vector<scan> scans_;
    std::vector<deletion> deletions_;
    std::vector<partition_rules> rules_;
    log::name_table partitions_;
    /// By partition.
    log::message_table keys_;
    /// By key: the numbers that tell its records apart. What the table counts is the record.
    log::message_table numbers_;
    history::line_indexes indexes_;
    std::uint64_t operations_ = 0;
};

}  // namespace verdikt::checker::compaction
