/// Compaction: of each key the last record stays (KIP-58, KIP-534).
///
/// Pure: what may be cleaned, which record may go, what a batch looks like afterwards. Only
/// committed data takes part: the range ends at the last stable offset, and records of aborted
/// transactions neither stay nor displace others. A batch keeps its base offset, last offset and
/// producer fields; one that a producer's state depends on stays even if it is empty, and so does
/// the first of each leader epoch: whoever copies the log learns from it where the epoch begins, by
/// which replicas find out where they differ (KIP-101). A tombstone
/// stays for delete.retention.ms after the first compaction that saw it, so that every reader that
/// started before it sees it; the batch carries that moment (its delete horizon) in place of its
/// base timestamp. So do markers of transactions of which nothing else is left.
#pragma once

#include "broker/storage/log_config.h"
#include "broker/storage/producer_table.h"
#include "broker/storage/transaction_index.h"
#include "kafka/records/batch.h"
#include "kafka/records/byte_buffer.h"
#include "kafka/records/compression.h"
#include "kafka/types.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace verdikt::broker::storage {

struct cleanable_segment {
    kafka::offset base;
    kafka::offset end;
    std::uint64_t size = 0;
    kafka::timestamp max_timestamp = kafka::no_timestamp;
};

struct cleaning_question {
    std::span<const cleanable_segment> segments;  ///< Oldest first, the one that grows last.
    kafka::offset first_dirty;                    ///< Below it the log was cleaned before.
    kafka::offset last_stable_offset;
    kafka::timestamp now;
};

struct cleaning_plan {
    std::size_t segments = 0;  ///< How many from the oldest on may be rewritten.
    std::size_t first_dirty_segment = 0;
    double dirty_ratio = 0;
    bool due = false;
};

[[nodiscard]] cleaning_plan plan_cleaning(const cleaning_question& log, const log_config& config);

/// Consecutive segments that become one: [first, last) of each group.
struct segment_group {
    std::size_t first = 0;
    std::size_t last = 0;

    bool operator==(const segment_group&) const = default;
};
[[nodiscard]] std::vector<segment_group> group_segments(std::span<const cleanable_segment> segments,
                                                        const log_config& config);

/// The last offset of every key in the dirty part.
class latest_offsets {
  public:
    void note(std::span<const std::byte> key, kafka::offset offset);
    /// Nothing if the key was not met.
    [[nodiscard]] std::optional<kafka::offset> find(std::span<const std::byte> key) const;
    /// About how much memory it takes.
    [[nodiscard]] std::size_t size_bytes() const { return size_bytes_; }

  private:
    std::unordered_map<std::string, kafka::offset> offsets_;
    std::size_t size_bytes_ = 0;
};

/// Which batches belong to transactions that were aborted.
class aborted_ranges {
  public:
    void add(const transaction_index::entry& aborted);
    [[nodiscard]] bool contains(const kafka::records::batch_header& batch) const;

  private:
    std::map<kafka::producer_id, std::map<kafka::offset, kafka::offset>> marker_by_first_offset_;
};

/// Rewrites the batches of a log, one by one and in order.
class batch_cleaner {
  public:
    struct settings {
        kafka::timestamp now;
        std::int64_t delete_retention_ms = 0;
    };

    /// Requires: the references outlive it.
    batch_cleaner(const latest_offsets& latest,
                  const aborted_ranges& aborted,
                  const std::set<kafka::offset>& needed_by_producers,
                  settings how);

    /// What is to be written in the batch's place, valid until the next call; empty if nothing is.
    /// Nothing (no value) if the batch does not decode.
    [[nodiscard]] std::optional<std::span<const std::byte>> clean(
        const kafka::records::batch_view& batch);

  private:
    struct kept_record;
    struct selection;

    [[nodiscard]] std::optional<std::span<const std::byte>> clean_marker(
        const kafka::records::batch_view& batch, bool needed);
    [[nodiscard]] std::optional<selection> select(const kafka::records::batch_view& batch);
    [[nodiscard]] bool keeps(const kafka::records::batch_header& header,
                             const kept_record& record) const;
    [[nodiscard]] std::optional<std::span<const std::byte>> rewrite(
        const kafka::records::batch_header& header, const selection& kept);
    /// When tombstones and empty transactions of the batch may go.
    [[nodiscard]] kafka::timestamp horizon_of(const kafka::records::batch_header& header) const;

    const latest_offsets& latest_;
    const aborted_ranges& aborted_;
    const std::set<kafka::offset>& needed_;
    settings how_;
    kafka::leader_epoch newest_epoch_ = kafka::no_leader_epoch;
    /// Producers of which something stayed since their last marker.
    std::set<kafka::producer_id> open_with_data_;
    kafka::records::byte_buffer scratch_;
    kafka::records::byte_buffer records_;
    kafka::records::byte_buffer output_;
};

}  // namespace verdikt::broker::storage
