/// Who is in sync: what the controller committed, and what it may have committed without our
/// knowing yet.
///
/// Pure. Belongs to a leader for one leader epoch. A change is proposed by AlterPartition, which is
/// a compare-and-set on the partition epoch; one proposal is open at a time. Until its fate is
/// known, whoever it would add may be elected already, so the high watermark must wait for them
/// (`maximal`); whoever it would remove may still be elected, so they stay in `committed`.
///
/// Fates: a confirmation commits it; INELIGIBLE_REPLICA and OPERATION_NOT_ATTEMPTED prove that it
/// was not applied; any other refusal leaves it open until metadata tells; an answer that is lost
/// proves nothing, and the same proposal is sent again. An attempt that was lost may still arrive
/// and be applied after a later attempt was refused: who it would add stays `doubtful` until the
/// partition epoch moves on, which voids it.
///
/// Invariants: the committed set is never empty; doubt and proposals only concern the current
/// partition epoch; an attempt is in flight only for the open proposal.
#pragma once

#include "broker/replication/effects.h"
#include "broker/replication/partition_state.h"
#include "broker/replication/settings.h"
#include "kafka/error_codes.h"
#include "kafka/types.h"
#include "runtime/clock.h"

#include <optional>
#include <set>
#include <variant>
#include <vector>

namespace verdikt::broker::replication {

struct alter_confirmed {
    kafka::leader_epoch leader_epoch;
    partition_epoch epoch;
    std::set<kafka::node_id> isr;
    recovery_state recovery = recovery_state::recovered;
};

struct alter_refused {
    kafka::error_code error;
};

/// No answer, or one that does not tell whether the proposal was applied.
struct alter_lost {};

using alter_outcome = std::variant<alter_confirmed, alter_refused, alter_lost>;

class in_sync_set {
  public:
    /// Proposals are numbered from `last_number` on, so that no answer to an earlier leadership is
    /// taken for one to this.
    in_sync_set(const partition_state& state, proposal_number last_number);

    [[nodiscard]] const std::set<kafka::node_id>& committed() const { return committed_; }
    /// Everybody who may count as in sync for the controller.
    [[nodiscard]] const std::set<kafka::node_id>& maximal() const { return maximal_; }
    [[nodiscard]] const std::set<kafka::node_id>& doubtful() const { return doubtful_; }
    [[nodiscard]] partition_epoch epoch() const { return epoch_; }
    [[nodiscard]] recovery_state recovery() const { return recovery_; }
    [[nodiscard]] proposal_number last_number() const { return last_number_; }
    [[nodiscard]] bool is_open() const { return open_.has_value(); }
    /// Whether the open proposal would take somebody out.
    [[nodiscard]] bool is_shrinking() const;
    [[nodiscard]] bool can_propose(runtime::instant now) const;

    /// Requires: can_propose(now), members not empty.
    void propose(std::vector<proposed_member> isr, recovery_state recovery);
    /// The attempt to send now, if there is one.
    [[nodiscard]] std::optional<send_alter_partition> next_attempt(runtime::instant now);
    void answered(proposal_number number,
                  const alter_outcome& outcome,
                  runtime::instant now,
                  milliseconds backoff);
    /// Metadata moved on. Ignored unless its partition epoch is newer.
    void apply(const partition_state& state);

    void check_invariants() const;

  private:
    struct proposal {
        proposal_number number;
        std::vector<proposed_member> isr;
        recovery_state recovery{};
        bool in_flight = false;
        bool lost_an_attempt = false;
        bool awaits_metadata = false;
    };

    void confirmed(proposal& proposed,
                   const alter_confirmed& what,
                   runtime::instant now,
                   milliseconds backoff);
    void refused(proposal& proposed,
                 kafka::error_code error,
                 runtime::instant now,
                 milliseconds backoff);
    void lost(proposal& proposed, runtime::instant now, milliseconds backoff);
    void close(runtime::instant now, milliseconds backoff);
    void move_on(partition_epoch epoch, std::set<kafka::node_id> isr, recovery_state recovery);
    void recompute_maximal();

    kafka::leader_epoch leader_epoch_;
    partition_epoch epoch_;
    std::set<kafka::node_id> committed_;
    recovery_state recovery_;
    std::set<kafka::node_id> doubtful_;
    std::set<kafka::node_id> maximal_;
    std::optional<proposal> open_;
    proposal_number last_number_;
    runtime::instant not_before_{};
};

}  // namespace verdikt::broker::replication
