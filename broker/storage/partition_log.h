/// The log of one partition: appends, reads, lookups, truncation.
///
/// Belongs to a `log_directory` and lives on its executor. Callers hold it by `shared_ptr`; once it
/// is stopped (shutdown, deletion) every operation answers `stopped`, and once the directory is
/// offline every write answers `offline`, while reads are still tried.
///
/// Invariants: log_start <= last_stable <= high_watermark <= log_end; durable_end <= log_end; an
/// offset below durable_end never changes its bytes except by `truncate_to`; offsets only grow
/// otherwise. Nothing here is visible to consumers: the caller bounds reads by high watermark or
/// LSO.
#pragma once

#include "broker/storage/errc.h"
#include "broker/storage/leader_epoch_cache.h"
#include "broker/storage/log_config.h"
#include "broker/storage/producer_table.h"
#include "kafka/types.h"
#include "runtime/awaitable.h"
#include "runtime/files.h"
#include "runtime/notification.h"

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::broker::storage {

/// Who appends. It decides on offsets, idempotence and the free-space reserve.
enum class append_origin {
    client,    ///< Offsets are assigned, sequences checked, the reserve is kept.
    internal,  ///< May use the reserve: coordinators, transaction markers. Of producers only the
               ///< epoch is checked: a coordinator writes for them, and numbers nothing.
    follower,  ///< Offsets and epochs are the leader's and are kept; sequences are only recorded.
};

struct append_result {
    kafka::offset base_offset;  ///< Of the first batch; of the original if it was a duplicate.
    kafka::offset last_offset;
    /// Nothing was written: the producer repeated a batch that is here already. Its sender still
    /// has to wait until `last_offset` is committed.
    bool duplicate = false;
};

/// A stretch of a file. The handle is shared, so the bytes stay readable after the segment is
/// deleted.
struct file_slice {
    std::shared_ptr<runtime::file> file;
    std::uint64_t position = 0;
    std::uint64_t size = 0;
};

struct read_request {
    kafka::offset from;
    std::uint64_t max_bytes = 0;
    /// Only batches wholly below it are given: the high watermark, the LSO or the log end.
    kafka::offset bound;
    /// The first batch is given whole even if it is larger than `max_bytes`.
    bool at_least_one_batch = true;
};

/// Starts at the batch that holds `from` (its base may be lower); may end within a batch where
/// `max_bytes` cut it. Empty (size 0, no file) if there is nothing between `from` and `bound`.
struct read_result {
    file_slice slice;
    kafka::offset first_offset;  ///< Base offset of the first batch given; `from` if empty.
    /// No batch at or above it is in the slice: an upper bound for `aborted_transactions`.
    kafka::offset end_offset;
};

struct timestamp_and_offset {
    kafka::timestamp timestamp;
    kafka::offset offset;
    kafka::leader_epoch epoch;
};

struct aborted_transaction {
    kafka::producer_id producer;
    kafka::offset first_offset;

    auto operator<=>(const aborted_transaction&) const = default;
};

/// Hears at once, within the call that moves it, when the written or the durable end moved or the
/// log failed: for whoever decides what is committed, whom a turn of the executor would make late.
class log_watcher {
  public:
    virtual ~log_watcher() = default;

    /// May call `advance_high_watermark` and read positions; nothing else of the log.
    virtual void log_moved() noexcept = 0;
};

/// A condition on an append beyond the log's own, asked at the moment when the append is about to
/// take its place: everything appended before is in the table, and nothing comes in between.
class append_condition {
  public:
    virtual ~append_condition() = default;

    [[nodiscard]] virtual bool allows(const producer_table& producers,
                                      runtime::const_bytes batches) = 0;
};

class partition_log {
  public:
    virtual ~partition_log() = default;

    [[nodiscard]] virtual const kafka::topic_partition& partition() const = 0;
    /// Zero if the directory never learnt it.
    [[nodiscard]] virtual kafka::uuid topic_id() const = 0;
    [[nodiscard]] virtual const log_config& config() const = 0;
    virtual void configure(const log_config& config) = 0;

    // ---- Positions. Each change of any of them wakes `changed()`.

    [[nodiscard]] virtual kafka::offset log_start() const = 0;
    /// No crash brings back what lies below it. Behind `log_start` only while that is being raised,
    /// or when it could not be saved.
    [[nodiscard]] virtual kafka::offset durable_log_start() const = 0;
    /// One past the last written record.
    [[nodiscard]] virtual kafka::offset log_end() const = 0;
    /// Everything below it is on stable storage.
    [[nodiscard]] virtual kafka::offset durable_end() const = 0;
    [[nodiscard]] virtual kafka::offset high_watermark() const = 0;
    /// First offset of the oldest transaction not yet decided below the high watermark, or that.
    [[nodiscard]] virtual kafka::offset last_stable_offset() const = 0;
    /// Moves forward only; a lower value is ignored. Requires: offset <= log_end().
    virtual void advance_high_watermark(kafka::offset offset) = 0;
    /// As the only replica, the log moves its high watermark itself: with the durable end in
    /// durable mode, with the log end in page-cache mode. Off until set.
    virtual void set_sole_replica(bool sole) = 0;
    /// Null for nobody. The watcher outlives its being set.
    virtual void set_watcher(log_watcher* watcher) = 0;

    /// Bytes of all segments, without indexes.
    [[nodiscard]] virtual std::uint64_t size() const = 0;
    [[nodiscard]] virtual std::size_t segment_count() const = 0;
    /// Set once the log takes no further writes, and why: `offline` or `stopped`.
    [[nodiscard]] virtual std::optional<errc> failure() const = 0;
    /// Woken when any position moves and when the log fails or stops.
    [[nodiscard]] virtual runtime::notification& changed() = 0;

    // ---- Writing.

    /// Appends whole batches, already validated (structure, CRC, size, timestamps), and returns
    /// once they are written. For `client` and `internal` it writes offset and leader epoch into
    /// `batches` in place (no CRC covers them). Concurrent calls are carried out in the order of
    /// the calls and are not held up by one another. Not interrupted by cancellation. Requires:
    /// `batches` lives until completion, and so does `condition`; one batch only for `client`. What
    /// the condition does not allow is `refused`; a duplicate is not asked about.
    [[nodiscard]] virtual runtime::awaitable<std::expected<append_result, errc>> append(
        runtime::mutable_bytes batches,
        append_origin origin,
        kafka::leader_epoch epoch,
        append_condition* condition = nullptr) = 0;

    /// Returns once `durable_end() >= end`, or with the failure that keeps it from getting there.
    [[nodiscard]] virtual runtime::awaitable<std::expected<void, errc>> wait_durable(
        kafka::offset end) = 0;
    /// Returns once `high_watermark() >= end`, or with the failure.
    [[nodiscard]] virtual runtime::awaitable<std::expected<void, errc>> wait_committed(
        kafka::offset end) = 0;
    /// Syncs what is written, whatever the mode, and the name of the log.
    [[nodiscard]] virtual runtime::awaitable<std::expected<void, errc>> flush() = 0;

    /// A leader of this epoch starts at the log end, even if it never appends. Durable with its
    /// first record: a start forgets an epoch that wrote nothing.
    [[nodiscard]] virtual runtime::awaitable<std::expected<void, errc>> assign_epoch(
        kafka::leader_epoch epoch) = 0;
    /// Starts a new segment unless the active one is empty.
    [[nodiscard]] virtual runtime::awaitable<std::expected<void, errc>> roll() = 0;
    /// Cuts the log so that `log_end() <= offset` (a batch is never split). Durable on return. The
    /// high watermark comes down with it.
    [[nodiscard]] virtual runtime::awaitable<std::expected<void, errc>> truncate_to(
        kafka::offset offset) = 0;
    /// Drops everything and starts an empty log at `offset`, wherever that is. Durable on return.
    /// High watermark and log start are then there, and no producer and no epoch is known.
    [[nodiscard]] virtual runtime::awaitable<std::expected<void, errc>> restart_at(
        kafka::offset offset) = 0;
    /// DeleteRecords: raises the log start, durably, and drops whole segments below it. Returns the
    /// new log start. `offset_out_of_range` above the high watermark.
    [[nodiscard]] virtual runtime::awaitable<std::expected<kafka::offset, errc>> delete_records(
        kafka::offset up_to) = 0;

    // ---- Reading.

    /// `offset_out_of_range` below the log start or above the log end.
    [[nodiscard]] virtual runtime::awaitable<std::expected<read_result, errc>> read(
        read_request request) = 0;
    /// As `read`, with the bytes themselves: for coordinators that load their state, and for tools.
    [[nodiscard]] virtual runtime::awaitable<std::expected<std::vector<std::byte>, errc>>
    read_bytes(read_request request) = 0;

    /// The first record below `bound` whose timestamp is at least `time`.
    [[nodiscard]] virtual runtime::awaitable<
        std::expected<std::optional<timestamp_and_offset>, errc>>
    offset_for_time(kafka::timestamp time, kafka::offset bound) = 0;
    /// The first record with the largest timestamp in the log.
    [[nodiscard]] virtual runtime::awaitable<
        std::expected<std::optional<timestamp_and_offset>, errc>>
    offset_of_max_timestamp() = 0;

    /// Transactions that were aborted and overlap [from, end), as a read_committed fetch reports
    /// them.
    [[nodiscard]] virtual runtime::awaitable<std::expected<std::vector<aborted_transaction>, errc>>
    aborted_transactions(kafka::offset from, kafka::offset end) = 0;

    /// The idempotent producers that the log remembers, and their open transactions.
    [[nodiscard]] virtual const producer_table& producers() const = 0;

    /// The newest epoch, or -1.
    [[nodiscard]] virtual kafka::leader_epoch latest_epoch() const = 0;
    /// For followers and consumers that resolve divergence (KIP-279): see `leader_epoch_cache`.
    [[nodiscard]] virtual std::optional<epoch_end> end_offset_for(
        kafka::leader_epoch epoch) const = 0;
    [[nodiscard]] virtual kafka::leader_epoch epoch_of(kafka::offset offset) const = 0;
};

}  // namespace verdikt::broker::storage
