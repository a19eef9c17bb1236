#include "broker/raft/replica.h"
#include "runtime/check.h"

#include <algorithm>

namespace verdikt::broker::raft {

void replica::receive_vote(ticket from, const vote_request& what, const moment& at, effects& out) {
    const error refusal = refuse_vote_request(what);
    if (refusal != error::none) {
        post(reply{from, vote_answer{stand(refusal)}}, out);
        return;
    }
    if (what.epoch > state_.epoch) become_unattached(what.epoch, at, out);
    const bool granted = would_grant(what);
    if (granted && !what.pre_vote) {
        if (role_ != role::unattached) become_unattached(state_.epoch, at, out);
        quorum_state next = state_;
        next.voted = what.candidate;
        if (next != state_) change_state(next);
        // It has our vote, so it shall have the time to win.
        if (is_voter()) arm(timer::election, random_election_timeout(at), at, out);
    }
    post(reply{from, vote_answer{stand(), granted}}, out);
}

kafka::error_code replica::refuse_vote_request(const vote_request& what) const {
    if (what.epoch < state_.epoch) return error::fenced_leader_epoch;
    if (!is_meant(what.voter)) return error::invalid_voter_key;
    if (what.candidate.id == settings_.self.id) return error::invalid_request;
    // Whether it is a voter is for the candidate to know, whose log may be ahead of ours (KIP-853);
    // but a disk that nobody counts on must not be counted.
    if (!settings_.may_vote) return error::inconsistent_voter_set;
    return error::none;
}

/// Requires: the request is of our epoch.
bool replica::would_grant(const vote_request& what) const {
    // A candidate that lacks what a majority has cannot get a majority (Raft, section 5.4.1).
    if (what.log < log_.last()) return false;
    if (what.pre_vote) {
        // As long as a leader is heard nobody is needed, whatever someone cut off may think.
        return role_ != role::leader && !(following_ && following_->has_heard);
    }
    if (role_ == role::leader || state_.leader) return false;
    return !state_.voted || state_.voted == what.candidate;
}

void replica::ask_for_votes(const moment& at, effects& out) {
    for (const node_id node : round_->with(ballot::open)) {
        if (node == settings_.self.id) continue;
        asked_.emplace(ask(node,
                           vote_request{.epoch = state_.epoch,
                                        .candidate = settings_.self,
                                        .voter = log_.voters().key_of(node),
                                        .log = log_.last(),
                                        .pre_vote = role_ == role::prospective},
                           out),
                       node);
    }
    arm(timer::request, settings_.request_timeout, at, out);
}

void replica::cast_own_vote(const moment& at, effects& out) {
    round_->record(settings_.self.id, ballot::granted);
    count_votes(at, out);
}

void replica::vote_answered(node_id from, const vote_answer& what, const moment& at, effects& out) {
    if (learn(what.at, at, out) || !round_ || what.at.epoch != state_.epoch) return;
    const bool was_lost = round_->lost();
    round_->record(from, what.granted ? ballot::granted : ballot::refused);
    if (!was_lost) count_votes(at, out);
}

void replica::count_votes(const moment& at, effects& out) {
    const bool standing_for_real = role_ == role::candidate;
    if (round_->won()) {
        standing_for_real ? become_leader(at, out) : become_candidate(at, out);
    } else if (round_->lost()) {
        if (!standing_for_real) {
            become_unattached(state_.epoch, at, out);
            return;
        }
        // Others stood too. Whoever waits the shortest goes first the next time.
        const auto span = static_cast<std::uint64_t>(settings_.election_backoff_max.count()) + 1;
        arm(timer::election, duration(static_cast<std::int64_t>(at.chance % span)), at, out);
    }
}

void replica::election_timer_fired(const moment& at, effects& out) {
    if (may_campaign()) {
        become_prospective(at, out);
    } else {
        become_unattached(state_.epoch, at, out);
    }
}

}  // namespace verdikt::broker::raft
