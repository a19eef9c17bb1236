#include "broker/raft/replica.h"
#include "runtime/check.h"

#include <utility>

namespace verdikt::broker::raft {

/// Ends what the present role was about. The election timer runs on: whoever has waited for a
/// leader and still has none shall not wait anew.
void replica::leave_role(effects& out) {
    round_.reset();
    following_.reset();
    fetch_.reset();
    asked_.clear();
    successors_.clear();
    abandon_download(out);
    for (const timer each : {timer::fetch,
                             timer::request,
                             timer::check_quorum,
                             timer::parked_fetch,
                             timer::voter_change}) {
        disarm(each, out);
    }
    role_ = role::unattached;
    if (!leadership_) return;
    end_change(error::not_leader_or_follower, out);
    for (const auto& [replica, progress] : leadership_->progress.all()) {
        if (!progress.parked) continue;
        post(reply{progress.parked->from, fetch_answer{stand(error::not_leader_or_follower)}}, out);
    }
    if (leadership_->ready) out.push_back(leadership_lost{state_.epoch});
    leadership_.reset();
}

void replica::become_unattached(leader_epoch epoch, const moment& at, effects& out) {
    leave_role(out);
    if (epoch > state_.epoch) change_state({.epoch = epoch});
    if (is_voter() && settings_.may_vote && !is_armed(timer::election))
        arm(timer::election, random_election_timeout(at), at, out);
    tell_leader(out);
    fetch_later(at, out);
}

void replica::become_follower(leader_epoch epoch, node_id leader, const moment& at, effects& out) {
    CHECK(leader != settings_.self.id, "a follower of itself");
    leave_role(out);
    quorum_state next = epoch > state_.epoch ? quorum_state{.epoch = epoch} : state_;
    next.leader = leader;
    if (next != state_) change_state(next);
    role_ = role::follower;
    following_ = {.leader = leader};
    disarm(timer::election, out);
    arm(timer::fetch, settings_.fetch_timeout, at, out);
    tell_leader(out);
    fetch_next(at, out);
}

void replica::become_prospective(const moment& at, effects& out) {
    CHECK(may_campaign());
    leave_role(out);
    role_ = role::prospective;
    round_.emplace(log_.voters());
    round_->record(settings_.self.id, ballot::granted);
    arm(timer::election, random_election_timeout(at), at, out);
    tell_leader(out);
    ask_for_votes(at, out);
    count_votes(at, out);
}

void replica::become_candidate(const moment& at, effects& out) {
    CHECK(may_campaign());
    leave_role(out);
    change_state({.epoch = state_.epoch.next(), .voted = settings_.self});
    role_ = role::candidate;
    round_.emplace(log_.voters());
    arm(timer::election, random_election_timeout(at), at, out);
    tell_leader(out);
    ask_for_votes(at, out);
}

void replica::become_leader(const moment& at, effects& out) {
    CHECK(persisted_ >= needed_, "elected before its vote was safe");
    const std::vector<node_id> granting = round_->with(ballot::granted);
    leave_role(out);
    disarm(timer::election, out);
    quorum_state next = state_;
    next.leader = settings_.self.id;
    change_state(next);
    role_ = role::leader;
    leadership_.emplace(log_.end(), progress_table(at.now));
    tell_leader(out);
    append_batch(leader_change{settings_.self.id, log_.voters(), granting}, 1, nullptr, out);
    // From here on the voters are what the log says, so that they can change (KIP-853).
    if (!log_.voters_at()) append_batch(log_.voters(), 1, nullptr, out);
    announce(at, out);
    check_quorum(at, out);
}

void replica::become_resigned(const moment& at, effects& out) {
    std::vector<replica_key> successors =
        leadership_->progress.voters_by_progress(log_.voters(), settings_.self);
    leave_role(out);
    role_ = role::resigned;
    successors_ = std::move(successors);
    arm(timer::election, random_election_timeout(at), at, out);
    tell_leader(out);
    say_farewell(at, out);
}

void replica::tell_leader(effects& out) {
    const std::pair now(state_.epoch, leader());
    if (told_ == now) return;
    told_ = now;
    out.push_back(leader_changed{now.first, now.second});
}

/// Takes in what somebody says of epoch and leader. True if that ended what this replica was about.
bool replica::learn(const standing& told, const moment& at, effects& out) {
    const bool names_another = told.leader && *told.leader != settings_.self.id;
    if (told.epoch > state_.epoch) {
        if (names_another) {
            become_follower(told.epoch, *told.leader, at, out);
        } else {
            become_unattached(told.epoch, at, out);
        }
        return true;
    }
    if (told.epoch < state_.epoch || !names_another) return false;
    if (leader() || leader_gave_up_) return false;
    if (state_.leader && state_.leader != told.leader) return false;
    become_follower(state_.epoch, *told.leader, at, out);
    return true;
}

}  // namespace verdikt::broker::raft
