#include "broker/replication/in_sync_set.h"

#include "runtime/check.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::replication {

using kafka::error_code;

namespace {

/// What a refusal proves about the proposal.
enum class proof { not_applied, nothing, settled_by_metadata };

proof proof_in(error_code error) {
    switch (error) {
        // The controller looked at the proposal and left the partition as it was.
        case error_code::ineligible_replica:
        case error_code::operation_not_attempted:
            return proof::not_applied;
        // A controller that lost its office may have written the change down before; and one that
        // is behind will catch up.
        case error_code::not_controller:
        case error_code::stale_broker_epoch:
        case error_code::request_timed_out:
        case error_code::network_exception:
        case error_code::throttling_quota_exceeded:
        case error_code::unknown_server_error:
            return proof::nothing;
        default:
            return proof::settled_by_metadata;
    }
}

}  // namespace

in_sync_set::in_sync_set(const partition_state& state, proposal_number last_number)
    : leader_epoch_(state.leader_epoch),
      epoch_(state.epoch),
      committed_(state.isr),
      recovery_(state.recovery),
      last_number_(last_number) {
    recompute_maximal();
}

bool in_sync_set::is_shrinking() const {
    if (!open_) return false;
    return std::ranges::any_of(committed_, [&](kafka::node_id member) {
        return std::ranges::find(open_->isr, member, &proposed_member::node) == open_->isr.end();
    });
}

bool in_sync_set::can_propose(runtime::instant now) const {
    return !open_ && now >= not_before_;
}

void in_sync_set::propose(std::vector<proposed_member> isr, recovery_state recovery) {
    CHECK(!open_);
    CHECK(!isr.empty());
    last_number_ = last_number_.next();
    open_ = proposal{.number = last_number_, .isr = std::move(isr), .recovery = recovery};
    recompute_maximal();
}

std::optional<send_alter_partition> in_sync_set::next_attempt(runtime::instant now) {
    if (!open_ || open_->in_flight || open_->awaits_metadata || now < not_before_) return {};
    open_->in_flight = true;
    return send_alter_partition{.number = open_->number,
                                .leader_epoch = leader_epoch_,
                                .epoch = epoch_,
                                .isr = open_->isr,
                                .recovery = open_->recovery};
}

void in_sync_set::answered(proposal_number number,
                           const alter_outcome& outcome,
                           runtime::instant now,
                           milliseconds backoff) {
    // Metadata has settled that proposal since.
    if (!open_ || open_->number != number || !open_->in_flight) return;
    proposal& proposed = *open_;
    proposed.in_flight = false;
    if (const auto* what = std::get_if<alter_confirmed>(&outcome)) {
        confirmed(proposed, *what, now, backoff);
    } else if (const auto* refusal = std::get_if<alter_refused>(&outcome)) {
        refused(proposed, refusal->error, now, backoff);
    } else {
        lost(proposed, now, backoff);
    }
}

void in_sync_set::confirmed(proposal& proposed,
                            const alter_confirmed& what,
                            runtime::instant now,
                            milliseconds backoff) {
    if (what.leader_epoch != leader_epoch_ || what.epoch < epoch_) {
        // Of a time before: it tells of another state than the one proposed against.
        lost(proposed, now, backoff);
        return;
    }
    if (what.epoch > epoch_) {
        move_on(what.epoch, what.isr, what.recovery);
        return;
    }
    // The controller saw nothing to change, and so voided no earlier attempt either.
    close(now, backoff);
}

void in_sync_set::close(runtime::instant now, milliseconds backoff) {
    open_.reset();
    not_before_ = now + backoff;
    recompute_maximal();
}

void in_sync_set::refused(proposal& proposed,
                          error_code error,
                          runtime::instant now,
                          milliseconds backoff) {
    switch (proof_in(error)) {
        case proof::nothing:
            lost(proposed, now, backoff);
            return;
        case proof::settled_by_metadata:
            proposed.awaits_metadata = true;
            return;
        case proof::not_applied:
            break;
    }
    if (proposed.lost_an_attempt) {
        for (const proposed_member& member : proposed.isr) {
            if (!committed_.contains(member.node)) doubtful_.insert(member.node);
        }
    }
    close(now, backoff);
}

void in_sync_set::lost(proposal& proposed, runtime::instant now, milliseconds backoff) {
    proposed.lost_an_attempt = true;
    not_before_ = now + backoff;
}

void in_sync_set::apply(const partition_state& state) {
    CHECK(state.leader_epoch == leader_epoch_);
    if (state.epoch > epoch_) move_on(state.epoch, state.isr, state.recovery);
}

void in_sync_set::move_on(partition_epoch epoch,
                          std::set<kafka::node_id> isr,
                          recovery_state recovery) {
    epoch_ = epoch;
    committed_ = std::move(isr);
    recovery_ = recovery;
    open_.reset();
    doubtful_.clear();
    recompute_maximal();
}

void in_sync_set::recompute_maximal() {
    maximal_ = committed_;
    maximal_.insert(doubtful_.begin(), doubtful_.end());
    if (!open_) return;
    for (const proposed_member& member : open_->isr) maximal_.insert(member.node);
}

void in_sync_set::check_invariants() const {
    CHECK(!committed_.empty());
    CHECK(std::ranges::includes(maximal_, committed_));
    CHECK(std::ranges::includes(maximal_, doubtful_));
    CHECK(!open_ || !open_->isr.empty());
    CHECK(!open_ || !(open_->in_flight && open_->awaits_metadata));
    CHECK(!open_ || open_->number == last_number_);
}

}  // namespace verdikt::broker::replication
