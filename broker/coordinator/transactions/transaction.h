/// A transactional id: which producer owns it, and how its transaction stands (KIP-98).
///
/// Pure: no clock, no chance, no I/O. Nothing is true before it is written down: an event that
/// changes the state stores the next one first, and until that is committed or has failed every
/// other request is answered CONCURRENT_TRANSACTIONS.
///
///     empty ──add──▶ ongoing ──end, fence, time-out──▶ prepare_commit / prepare_abort
///       ▲              ▲                                   │ all markers written
///      init           add ◀──── complete_commit / complete_abort
///
/// A producer is fenced by a higher epoch. Whoever calls InitProducerId while a transaction is open
/// first has it aborted under such an epoch, and then comes back for its own. If that abort could
/// not be written, its epoch was told to nobody and is used for the next attempt: each failure
/// would otherwise use one up.
///
/// Under `protocol::epoch_bump` (KIP-890) each EndTxn raises the epoch too, so that a late request
/// of one transaction never acts on the next.
///
/// Invariants (`check_invariants`): a transaction that is empty or complete has no partitions; one
/// being prepared has markers to write or its completion under way; an identity that is given out
/// is never given out again.
#pragma once

#include "broker/coordinator/transactions/transaction_types.h"
#include "kafka/error_codes.h"
#include "kafka/types.h"

#include <optional>
#include <string>

namespace verdikt::broker::coordinator::transactions {

class transaction {
  public:
    /// An id that was never heard of.
    explicit transaction(std::string transactional_id) : id_(std::move(transactional_id)) {}
    /// As it was when it was last written down; a decided one goes on writing its markers.
    [[nodiscard]] static transaction restore(std::string transactional_id,
                                             stored_transaction state,
                                             effects& out);

    // ---- Events. A `ticket` is answered exactly once, now or later.

    void init(const init_event& event, effects& out);
    void add_partitions(const add_event& event, effects& out);
    void end(const end_event& event, effects& out);
    /// Aborts a transaction that is open for longer than its timeout.
    void time_passed(kafka::timestamp now, effects& out);
    /// Forgets an id that has not been used since `before`.
    void expire(kafka::timestamp before, effects& out);
    /// What was stored last is committed, or failed with the log's error.
    void stored(kafka::error_code outcome, kafka::timestamp now, effects& out);
    void marker_answered(marker_round round,
                         const kafka::topic_partition& where,
                         kafka::error_code outcome,
                         kafka::timestamp now,
                         effects& out);
    void complete_again(kafka::timestamp now, effects& out);
    /// This broker no longer coordinates the id: answers whoever waits with `reason`.
    void abandon(kafka::error_code reason, effects& out);

    // ---- Requests that change nothing.

    /// Whether the partition is part of that producer's open transaction (KIP-890 part 1).
    [[nodiscard]] kafka::error_code verify(const producer_identity& producer,
                                           const kafka::topic_partition& where) const;

    // ---- State.

    /// As it is written down and committed.
    [[nodiscard]] const stored_transaction& state() const { return state_; }
    [[nodiscard]] bool is_known() const {
        return state_.producer.epoch != kafka::no_producer_epoch;
    }
    [[nodiscard]] bool is_storing() const { return pending_.has_value(); }
    [[nodiscard]] bool is_dead() const { return state_.state == transaction_state::dead; }

    void check_invariants() const;

  private:
    using error = kafka::error_code;
    enum class reason { init, add, end, fence, complete, expiry };

    struct pending_write {
        reason why{};
        stored_transaction next;
        std::optional<ticket> from;
        kafka::producer_epoch last_epoch = kafka::no_producer_epoch;
    };

    // transaction.cpp
    [[nodiscard]] bool may_be(const producer_identity& expected) const;
    [[nodiscard]] bool is_retry(const producer_identity& expected) const;
    void give_identity(const init_event& event, effects& out);
    void fence(std::optional<ticket> from, kafka::timestamp now, effects& out);
    [[nodiscard]] error refuse_add(const add_event& event) const;
    void write(pending_write next, effects& out);

    // transaction_end.cpp
    void end_initial(const end_event& event, effects& out);
    void end_with_epoch_bump(const end_event& event, effects& out);
    [[nodiscard]] error refuse_bumped_end(const end_event& event, bool is_repeated) const;
    [[nodiscard]] error refuse_repeated_end(bool commit) const;
    [[nodiscard]] bool is_bumped_retry(const producer_identity& producer) const;
    void prepare(const end_event& event, effects& out);
    void write_markers(effects& out);
    void complete(kafka::timestamp now, effects& out);

    // transaction_stored.cpp
    void take_effect(pending_write done, kafka::timestamp now, effects& out);
    void failed(const pending_write& lost, error outcome, effects& out);

    std::string id_;
    stored_transaction state_;
    /// The epoch before the last one that was given out, to whoever lost that answer (KIP-360).
    kafka::producer_epoch last_epoch_ = kafka::no_producer_epoch;
    bool failed_fence_ = false;
    std::optional<pending_write> pending_;
    transactions::partitions unmarked_;  ///< Have yet to take their marker.
    marker_round round_{0};
    /// A partition has heard of a newer coordinator or producer: the decision is no longer ours.
    bool superseded_ = false;
};

}  // namespace verdikt::broker::coordinator::transactions
