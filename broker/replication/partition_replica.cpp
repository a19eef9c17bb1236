#include "broker/replication/partition_replica.h"

#include "runtime/check.h"

#include <algorithm>

namespace verdikt::broker::replication {

using kafka::error_code;

partition_replica::partition_replica(kafka::node_id self,
                                     broker_epoch incarnation,
                                     const replica_settings& settings,
                                     kafka::offset high_watermark)
    : self_(self),
      incarnation_(incarnation),
      settings_(settings),
      high_watermark_(high_watermark) {}

replica_role partition_replica::role() const {
    if (failed_) return replica_role::failed;
    if (leader_) return replica_role::leader;
    return follower_ ? replica_role::follower : replica_role::none;
}

kafka::offset partition_replica::high_watermark() const {
    if (leader_) return leader_->high_watermark();
    return follower_ ? follower_->high_watermark() : high_watermark_;
}

void partition_replica::apply(const partition_state& state,
                              const broker_standings& brokers,
                              const log_view& log,
                              runtime::instant now,
                              effects& out) {
    if (state.leader_epoch < state_.leader_epoch || state.epoch < state_.epoch) return;
    const bool same_leadership = state.leader_epoch == state_.leader_epoch;
    state_ = state;
    brokers_ = brokers;
    if (failed_) return;
    if (same_leadership) {
        if (leader_) leader_->apply(state, brokers, log, now, out);
        return;
    }
    leave_role(out);
    role_is_due_ = true;
    enter_role_once_idle(log, now, out);
}

void partition_replica::leave_role(effects& out) {
    high_watermark_ = high_watermark();
    if (leader_) {
        leader_->resign(out);
        last_proposal_ = leader_->in_sync().last_number();
    }
    if (follower_) {
        settling_ = settling_ || follower_->is_settling();
        last_fetch_ = follower_->last_number();
    }
    leader_.reset();
    follower_.reset();
}

bool partition_replica::may_lead(const log_view& log) const {
    const auto own = brokers_.find(self_);
    if (own == brokers_.end() || own->second.epoch != incarnation_) return false;
    return state_.leader_epoch > log.latest_epoch();
}

void partition_replica::enter_role_once_idle(const log_view& log,
                                             runtime::instant now,
                                             effects& out) {
    if (!role_is_due_ || log_is_busy()) return;
    role_is_due_ = false;
    enter_role(log, now, out);
}

void partition_replica::enter_role(const log_view& log, runtime::instant now, effects& out) {
    high_watermark_ = std::clamp(high_watermark_, log.start(), log.end());
    if (state_.leader != self_) {
        if (!state_.has_replica(self_)) return;
        follower_.emplace(settings_, state_, high_watermark_, last_fetch_);
        follower_->proceed(log, now, out);
        return;
    }
    if (!may_lead(log)) return;
    leader_.emplace(self_, settings_, state_, brokers_, high_watermark_, last_proposal_, now);
    leader_->controller_reachable(controller_reachable_);
    out.push_back(assign_epoch{state_.leader_epoch});
}

void partition_replica::registered(broker_epoch incarnation,
                                   const log_view& log,
                                   runtime::instant now,
                                   effects& out) {
    incarnation_ = incarnation;
    // Metadata may have come first, and have had us lead while we did not know that it was us.
    const bool missed = !failed_ && !leader_ && !follower_ && state_.leader == self_;
    if (!missed) return;
    role_is_due_ = true;
    enter_role_once_idle(log, now, out);
}

void partition_replica::configure(const replica_settings& settings) {
    settings_ = settings;
    if (leader_) leader_->configure(settings);
    if (follower_) follower_->configure(settings);
}

void partition_replica::epoch_assigned(kafka::leader_epoch epoch,
                                       const log_view& log,
                                       runtime::instant now,
                                       effects& out) {
    // Of a leadership that ended before it began.
    if (!leader_ || leader_->epoch() != epoch) return;
    leader_->epoch_assigned(log, now, out);
}

void partition_replica::log_moved(const log_view& log, runtime::instant now, effects& out) {
    if (leader_) leader_->log_moved(log, now, out);
    if (follower_) follower_->proceed(log, now, out);
}

void partition_replica::append_begun() {
    ++appends_;
}

void partition_replica::append_ended(const log_view& log, runtime::instant now, effects& out) {
    CHECK(appends_ > 0);
    --appends_;
    if (failed_) return;
    if (leader_) leader_->log_moved(log, now, out);
    enter_role_once_idle(log, now, out);
}

void partition_replica::log_settled(const log_view& log, runtime::instant now, effects& out) {
    if (failed_) return;
    if (settling_) {
        settling_ = false;
        enter_role_once_idle(log, now, out);
        return;
    }
    CHECK(follower_.has_value());
    follower_->log_settled(log, now, out);
}

void partition_replica::log_failed(effects& out) {
    leave_role(out);
    failed_ = true;
}

void partition_replica::tick(const log_view& log, runtime::instant now, effects& out) {
    if (leader_) leader_->tick(log, now, out);
    if (follower_) follower_->proceed(log, now, out);
}

void partition_replica::controller_reachable(bool reachable) {
    controller_reachable_ = reachable;
    if (leader_) leader_->controller_reachable(reachable);
}

void partition_replica::alter_partition_answered(proposal_number number,
                                                 const alter_outcome& outcome,
                                                 const log_view& log,
                                                 runtime::instant now,
                                                 effects& out) {
    if (leader_) leader_->alter_partition_answered(number, outcome, log, now, out);
}

void partition_replica::fetch_answered(const fetch_answer& answer,
                                       const log_view& log,
                                       runtime::instant now,
                                       effects& out) {
    if (follower_) follower_->fetch_answered(answer, log, now, out);
}

void partition_replica::leader_bounds_answered(const leader_bounds& answer,
                                               const log_view& log,
                                               runtime::instant now,
                                               effects& out) {
    if (follower_) follower_->leader_bounds_answered(answer, log, now, out);
}

void partition_replica::check_invariants(const log_view& log) const {
    CHECK(!leader_ || !follower_);
    CHECK(!failed_ || (!leader_ && !follower_));
    CHECK(!role_is_due_ || (!leader_ && !follower_));
    CHECK(!settling_ || (!leader_ && !follower_));
    CHECK(!follower_ || appends_ == 0);
    if (leader_) leader_->check_invariants(log);
    if (follower_) follower_->check_invariants(log);
}

}  // namespace verdikt::broker::replication
