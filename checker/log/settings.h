/// What the log under trial was asked to promise. The defaults are the safe ones.
///
/// What follows from that for each anomaly is said here once (`keeps_…`), and
/// tests/unit/checker_log has it as a table. An unclean election makes a replica the leader that
/// lacks what was committed. The log that a history shows is then put together of several that
/// never were one: places have gaps and are taken twice, epochs fall, readers are sent back, what a
/// producer appended and how a transaction ended is forgotten. What nobody sent is still read by
/// nobody.
#pragma once

#include <cstdint>
#include <optional>

namespace verdikt::checker::log {

/// How consumers get their partitions.
enum class subscription : std::uint8_t { assign, subscribe };

/// Where a message that was polled or sent lies in its partition's order.
enum class positions : std::uint8_t {
    /// At the offset that was told: a duplicate read at its second place is a step forward.
    by_offset,
    /// At the last place of that value, whatever was told, as jepsen.tests.kafka has it: to compare
    /// with.
    by_value,
};

enum class final_reads : std::uint8_t {
    /// A partition was read to its end if the history shows it: see final_reads.h.
    recorded,
    /// Whoever made the history read every partition to its end before it stopped.
    made,
};

/// What holds for the whole run. An operation that says `acks` of its own (recording.h) and did not
/// wait for all is promised neither durability nor idempotence, whatever stands here.
struct settings {
    /// acks=all, min.insync.replicas ≥ 2: what was acknowledged is not lost.
    bool durable = true;
    /// Unclean elections are off.
    bool clean_elections = true;
    /// Idempotent producers.
    bool idempotent = true;
    /// Consumers read what was committed only.
    bool read_committed = true;
    /// The timestamps of records are those of the append.
    bool log_append_time = false;
    /// By default what each process did last counts: `assign` or `subscribe`.
    std::optional<subscription> sub_via;
    final_reads finally = final_reads::recorded;
    positions order = positions::by_offset;
    /// Fewer acknowledged sends, or fewer successful polls, prove nothing.
    std::uint64_t sends_min = 1;
    std::uint64_t polls_min = 1;

    /// lost-write, unseen, inconsistent-offsets, offset-reused.
    [[nodiscard]] bool keeps_what_was_acknowledged() const { return durable && clean_elections; }
    /// dirty-read, stale-end-offset, the order of polls, of epochs and of timestamps: readers are
    /// given what all in-sync replicas have, so acks do not matter.
    [[nodiscard]] bool keeps_what_was_read() const { return clean_elections; }
    /// duplicate: a leader that lacks a batch cannot know that it is sent again.
    [[nodiscard]] bool keeps_messages_single() const { return idempotent && clean_elections; }
    /// nonmonotonic-send, int-nonmonotonic-send: what follows a lost message may take its place.
    [[nodiscard]] bool keeps_order_of_sends() const {
        return idempotent && keeps_what_was_acknowledged();
    }
    /// torn-transaction: a part that was lost is missing.
    [[nodiscard]] bool keeps_transactions_whole() const {
        return read_committed && keeps_what_was_acknowledged();
    }
    /// G1a of transactions: where the mark of an abort is lost, the next commit of that producer
    /// covers what it had aborted.
    [[nodiscard]] bool keeps_aborted_hidden() const { return read_committed && clean_elections; }
};

}  // namespace verdikt::checker::log
