/// Idempotent producers and their transactions: which batch of which producer may be appended next.
///
/// Pure: no clock, no disk. The log asks `admit` before it gives a batch an offset, and calls
/// `record` for every batch that it gave one to, in the order of the log; so the table is a
/// function of the log below some offset, and is rebuilt from it (or from a snapshot of itself and
/// the rest) when the log is cut.
///
/// Rules: Kafka's (KIP-98, KIP-360), but a producer that is not known here may only start at
/// sequence 0. To let any other batch in could hide that those before it were lost (KAFKA-14359).
///
/// Invariants: a producer remembers up to `batches_max` batches of one epoch, oldest first, each
/// starting right after the one before, at rising offsets; open transactions and their producers
/// name each other.
#pragma once

#include "broker/storage/errc.h"
#include "broker/storage/transaction_index.h"
#include "kafka/records/batch.h"
#include "kafka/records/control.h"
#include "kafka/types.h"

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <vector>

namespace verdikt::broker::storage {

inline constexpr std::int32_t no_coordinator_epoch = -1;

/// A batch that a producer has here. Its sequences number its records one by one.
struct remembered_batch {
    kafka::sequence first;
    kafka::sequence last;
    kafka::offset base_offset;
    kafka::offset last_offset;

    bool operator==(const remembered_batch&) const = default;
};

struct producer_state {
    kafka::producer_epoch epoch = kafka::no_producer_epoch;
    std::vector<remembered_batch> recent;
    /// When it last wrote here, by the broker's wall clock.
    kafka::timestamp last_time = kafka::no_timestamp;
    std::int32_t coordinator_epoch = no_coordinator_epoch;
    std::optional<kafka::offset> transaction_start;

    bool operator==(const producer_state&) const = default;
};

struct admission {
    /// The batch is here already, and must not be appended again.
    std::optional<remembered_batch> duplicate_of;
};

class producer_table {
  public:
    static constexpr std::size_t batches_max = 5;

    [[nodiscard]] std::expected<admission, errc> admit(
        const kafka::records::batch_header& batch) const;
    [[nodiscard]] std::expected<void, errc> admit(
        const kafka::records::end_transaction_marker& marker) const;
    /// A batch that a coordinator writes for the producer, which has not numbered it.
    [[nodiscard]] std::expected<void, errc> admit_unnumbered(
        const kafka::records::batch_header& batch) const;

    /// Requires: a data batch at its final offset, above all recorded before.
    void record(const kafka::records::batch_header& batch, kafka::timestamp now);
    /// The transaction that the marker at `offset` aborted, if it did.
    [[nodiscard]] std::optional<transaction_index::entry> record(
        const kafka::records::end_transaction_marker& marker,
        kafka::offset offset,
        kafka::timestamp now);

    /// Transactions whose markers lie below it count as decided from now on.
    void advance_high_watermark(kafka::offset high_watermark);
    /// First offset of the oldest transaction that is open or decided above the high watermark
    /// only.
    [[nodiscard]] std::optional<kafka::offset> first_undecided_offset() const;

    /// Forgets who has not written since `deadline` and has no open transaction.
    void expire(kafka::timestamp deadline);
    /// Forgets transactions that were decided below `log_start`. Open ones stay, wherever they
    /// began: what they wrote above it is still to be decided.
    void forget_decided_below(kafka::offset log_start);

    [[nodiscard]] const std::map<kafka::producer_id, producer_state>& producers() const {
        return producers_;
    }
    /// Requires: not known yet. For snapshots.
    void restore(kafka::producer_id id, producer_state state);
    void check_invariants() const;

    bool operator==(const producer_table&) const = default;

  private:
    /// Last stable offset once the transaction that starts at `completed` is decided.
    [[nodiscard]] kafka::offset stable_after(kafka::offset completed, kafka::offset marker) const;

    std::map<kafka::producer_id, producer_state> producers_;
    std::map<kafka::offset, kafka::producer_id> open_;  ///< By first offset.
    std::map<kafka::offset, kafka::offset> undecided_;  ///< First offset to that of the marker.
};

/// Producer state as `.snapshot` files hold it, in Kafka's format version 1: i16 version, u32
/// CRC-32C of what follows, i32 count, then per entry i64 producer, i16 epoch, i32 last sequence,
/// i64 last offset, i32 offset delta, i64 timestamp, i32 coordinator epoch, i64 first offset of its
/// open transaction.
///
/// Kafka writes one entry a producer and so forgets all batches but the last; a retry that was in
/// flight over a restart then fails with OUT_OF_ORDER_SEQUENCE. We write one entry a remembered
/// batch, oldest first. Kafka's loader lets a later entry of a producer replace an earlier one, so
/// it reads our files too, and we read both.
[[nodiscard]] std::vector<std::byte> encode_snapshot(const producer_table& table);
/// Errors: corrupt.
[[nodiscard]] std::expected<producer_table, errc> decode_snapshot(std::span<const std::byte> bytes);

/// One entry as it stands in the file, for tools.
struct snapshot_entry {
    kafka::producer_id producer;
    kafka::producer_epoch epoch;
    kafka::sequence last_sequence;
    kafka::offset last_offset;
    std::int32_t offset_delta = 0;
    kafka::timestamp time;
    std::int32_t coordinator_epoch = no_coordinator_epoch;
    kafka::offset transaction_start;  ///< -1 for none.
};
[[nodiscard]] std::expected<std::vector<snapshot_entry>, errc> decode_snapshot_entries(
    std::span<const std::byte> bytes);

}  // namespace verdikt::broker::storage
