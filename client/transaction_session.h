/// Where a transactional producer stands, and what that allows it to do (KIP-98, KIP-890).
///
///     uninitialised ─▶ ready ─begin─▶ open ─commit/abort─▶ ending ─▶ ready
///                                      └─error─▶ failed ─abort──┘
///     any ─▶ broken: fenced by a successor, or an error that nobody can mend
///
/// Pure. Under the first protocol version a partition is added to the transaction before anything
/// is sent to it; under the second the first batch adds it, and every transaction has an epoch of
/// its own.
///
/// Invariants (`check_invariants`): partitions are part of, or being added to, a transaction only
/// from `open` to `ending`; there is an error where one is told of, and nowhere else.
#pragma once

#include "client/error.h"
#include "kafka/types.h"

#include <cstdint>
#include <optional>
#include <set>

namespace verdikt::client {

class transaction_session {
  public:
    enum class phase { uninitialised, ready, open, failed, ending, broken };
    /// What EndTxn is to say.
    enum class outcome { commit, abort };
    using partitions = std::set<kafka::topic_partition>;

    // ---- What the program does. An error says why it may not.

    [[nodiscard]] result<void> may_initialise() const;
    [[nodiscard]] result<void> begin();
    /// Records and offsets.
    [[nodiscard]] result<void> may_write() const;
    /// Whether it may be ended so. An outcome that was asked for before, and of which nothing was
    /// heard, may only be asked for again. An abort begins at once; before a commit what was
    /// written is sent, and can still fail.
    [[nodiscard]] result<void> end(outcome how);
    /// From here on it is unknown whether it is committed, until the coordinator has answered.
    void commit_sent();
    /// The coordinator wants it aborted instead.
    void commit_refused(const error& why);

    // ---- What comes of it.

    /// `epoch_bump`: the second protocol version is spoken from now on.
    void initialised(bool epoch_bump);
    /// The transaction can only be aborted; the first such error is kept.
    void fail(const error& why);
    /// Nothing can be done any more.
    void break_down(const error& why);
    void ended();
    /// A request of this transaction was not answered, and may arrive when the next one is open.
    /// Only a new epoch tells them apart: a late EndTxn would otherwise end the wrong one
    /// (KAFKA-17754).
    void lost_request() { needs_new_epoch_ = true; }

    // ---- Partitions.

    /// Whether a batch may be sent to it now. If not, it is to be added first, see `take_unadded`.
    [[nodiscard]] bool may_send_to(const kafka::topic_partition& where);
    /// What is to be added in a request of its own, once.
    [[nodiscard]] partitions take_unadded();
    /// Requires: taken in this transaction.
    void added(const partitions& which);
    /// A request that starts it at the coordinator may arrive there; it has.
    void may_have_started() { may_have_started_ = true; }
    void started() { started_ = true; }
    /// The coordinator knows how it ends.
    void told() { started_ = may_have_started_ = false; }

    // ---- State.

    [[nodiscard]] phase now() const { return phase_; }
    [[nodiscard]] bool speaks_epoch_bump() const { return epoch_bump_; }
    /// Set while failed or broken.
    [[nodiscard]] const std::optional<error>& trouble() const { return trouble_; }
    /// Whether the coordinator has to be told how it ends.
    [[nodiscard]] bool may_be_started() const { return started_ || may_have_started_; }
    [[nodiscard]] bool is_started() const { return started_; }
    /// Before the next transaction a new epoch is to be asked for: something of this one may still
    /// be under way, or its sequence numbers have a gap.
    [[nodiscard]] bool needs_new_epoch() const { return needs_new_epoch_; }
    /// Counts transactions.
    [[nodiscard]] std::uint64_t number() const { return number_; }
    /// Whether a refusal of a request of this transaction, other than its end, still says
    /// something. Not once it is ending, which alone decides then: the epoch that its end brought
    /// has what comes late refused as a zombie's.
    [[nodiscard]] bool heeds_refusal_in(std::uint64_t number) const {
        return number == number_ && phase_ != phase::ending;
    }

    void check_invariants() const;

  private:
    [[nodiscard]] std::unexpected<error> refuse() const;

    phase phase_ = phase::uninitialised;
    bool epoch_bump_ = false;
    std::optional<outcome> asked_;  ///< While ending.
    std::optional<error> trouble_;
    partitions unadded_;
    partitions adding_;
    partitions added_;
    bool started_ = false;
    bool may_have_started_ = false;
    bool needs_new_epoch_ = false;
    std::uint64_t number_ = 0;
};

}  // namespace verdikt::client
