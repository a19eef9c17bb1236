/// The batches of one partition, from the first record to the outcome: who may be sent next, under
/// which sequence numbers, and what every answer means for those around it.
///
/// Pure: time is passed in, nothing waits. The sender takes a batch, sends it, and reports what
/// came of it; outcomes are settled here.
///
/// With idempotence (KIP-98, KIP-360):
///  - batches are numbered when first sent, and keep their numbers through retries;
///  - while any batch waits to be sent again, only the oldest unsettled one is sent: order is kept;
///  - a batch whose outcome was given as unknown leaves a gap that may or may not be filled.
///  Younger
///    batches may prove that it was (their numbers only fit behind it). If none does, and nothing
///    is under way any more, a new epoch starts with sequence 0;
///  - only batches that are certainly not in the log are numbered anew. One that may be is settled
///    as unknown, because under a new epoch the broker could not recognise it.
///
/// Invariants: `sent_` is in order of sequence numbers, without gaps; ghosts (settled, kept for
/// their numbers) exist only with idempotence or while in flight; nothing in `unsent_` is in
/// flight, numbered or settled; the epoch never goes back under one producer id.
#pragma once

#include "client/produce_verdict.h"
#include "client/producer_batch.h"
#include "client/producer_identity.h"
#include "kafka/types.h"
#include "runtime/clock.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace verdikt::client {

struct producer_limits {
    bool idempotent = true;
    /// Epochs belong to transactions: what cannot go on under its own fails.
    bool transactional = false;
    bool acks_all = true;
    std::size_t batch_size = 16'384;
    std::size_t in_flight_max = 5;  ///< Of this partition.
    std::uint32_t retries = INT32_MAX;
    runtime::duration linger{};
    runtime::duration delivery_timeout = std::chrono::minutes(2);
};

/// What came of an attempt.
struct produce_answer {
    kafka::error_code code = kafka::error_code::none;
    kafka::offset base = kafka::no_offset;
    kafka::timestamp append_time = kafka::no_timestamp;
    std::string detail = {};
};

class partition_queue {
  public:
    partition_queue(topic_partition where, const producer_limits& limits)
        : where_(std::move(where)), limits_(limits) {}

    struct place {
        std::shared_ptr<batch_outcome> batch;
        std::int32_t index = 0;
        std::size_t bytes = 0;  ///< By which the queue grew.
    };
    /// `number` names a batch if one must be opened.
    place append(const kafka::records::new_record& record,
                 runtime::instant now,
                 std::uint64_t number);

    /// When `take` may next give something, as far as time alone decides; nothing if only an
    /// answer, an append or an identity can change that. With `hurry`, batches do not linger.
    [[nodiscard]] std::optional<runtime::instant> ready_at(bool hurry) const;
    /// When the next outcome is due by `delivery.timeout.ms`.
    [[nodiscard]] std::optional<runtime::instant> expires_at() const;

    /// The partition is led in that epoch now. Whoever leads since an attempt failed has not asked
    /// for patience, so that batch is sent again at once (KAFKA-15415).
    void led_in(kafka::leader_epoch epoch) { leader_epoch_ = epoch; }

    /// The batch to send now, numbered and marked in flight. Requires: ready_at(hurry) <= now.
    std::shared_ptr<producer_batch> take(runtime::instant now);

    /// An answer for a batch in flight. `retry_at` is when it may be sent again, if it may.
    /// True if metadata should be refreshed.
    bool answered(producer_batch& batch, const produce_answer& answer, runtime::instant retry_at);
    /// No answer will come. If `may_have_arrived`, the attempt is in doubt.
    void lost(producer_batch& batch,
              const error& why,
              bool may_have_arrived,
              runtime::instant retry_at);
    /// acks=0: handed to the transport, and nobody will ever tell.
    void posted(producer_batch& batch);

    /// Gives every batch that is too old its outcome.
    void expire(runtime::instant now);
    /// Gives every batch its outcome: closed, or the producer is beyond repair.
    void abandon(const error& why);

    /// Idempotence needs an identity before anything is sent, and a new one after the last epoch.
    [[nodiscard]] bool wants_identity() const;
    /// Requires: wants_identity(), and it is not `spent_id()`.
    void adopt(producer_identity identity);

    /// Transactions: goes on under this identity. Requires: every batch has its outcome, and no
    /// request is under way.
    void renew(producer_identity identity);
    /// Why a batch was not written, or may not have been, since the last `renew`.
    [[nodiscard]] const std::optional<error>& trouble() const { return trouble_; }

    [[nodiscard]] const topic_partition& where() const { return where_; }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    /// No batch waits for its outcome.
    [[nodiscard]] bool idle() const;
    /// Not even a request that carries one is under way, so the queue may be dropped.
    [[nodiscard]] bool empty() const { return sent_.empty() && unsent_.empty(); }
    [[nodiscard]] const producer_identity& identity() const { return identity_; }
    /// The one before, if its epochs are used up or the broker has fenced it: not to be adopted
    /// again.
    [[nodiscard]] kafka::producer_id spent_id() const { return spent_id_; }
    /// Of every batch that waits for its outcome.
    [[nodiscard]] std::vector<std::shared_ptr<batch_outcome>> unsettled() const;

    struct counts {
        std::uint64_t delivered = 0;  ///< Records, as the two below.
        std::uint64_t failed = 0;
        std::uint64_t unknown = 0;
        std::uint64_t retries = 0;  ///< Batches sent again.
        std::uint64_t epoch_bumps = 0;
    };
    [[nodiscard]] const counts& counted() const { return counts_; }

    void check_invariants() const;

  private:
    using batch_ptr = std::shared_ptr<producer_batch>;

    [[nodiscard]] bool may_number_another() const;
    [[nodiscard]] const producer_batch* resendable() const;
    [[nodiscard]] const producer_batch* oldest_unsettled() const;
    [[nodiscard]] bool any_in_flight() const;
    [[nodiscard]] bool has_ghosts() const;
    [[nodiscard]] runtime::instant not_before(const producer_batch& batch) const;
    [[nodiscard]] runtime::instant lingers_until(const producer_batch& batch, bool hurry) const;
    void number(producer_batch& batch);
    void settle(producer_batch& batch, batch_outcome::verdict how);
    void note_trouble(const batch_outcome::verdict& how);
    void settle_by_doubt(producer_batch& batch, const error& why);
    void confirmed(producer_batch& batch, const produce_answer& answer);
    void out_of_step(producer_batch& batch, const error& why, runtime::instant retry_at);
    void retry_or_give_up(producer_batch& batch, const error& why, runtime::instant retry_at);
    void forget(const producer_batch& batch);
    void settle_down();
    void start_over();

    topic_partition where_;
    const producer_limits& limits_;
    std::deque<batch_ptr> sent_;    ///< Sent at least once.
    std::deque<batch_ptr> unsent_;  ///< The last one may still grow.
    producer_identity identity_;
    kafka::sequence next_sequence_{0};
    bool needs_epoch_ = false;
    bool needs_identity_ = false;  ///< The epochs of the old one are used up.
    std::size_t bytes_ = 0;
    kafka::producer_id spent_id_ = kafka::no_producer_id;
    kafka::leader_epoch leader_epoch_ = kafka::no_leader_epoch;
    std::optional<error> trouble_;
    counts counts_;
};

}  // namespace verdikt::client
