#include "broker/raft/replica.h"

#include "runtime/check.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::raft {

replica::replica(settings configured, stored_replica found, const moment& at, effects& out)
    : settings_(std::move(configured)),
      state_(found.state),
      log_(std::move(found.log)),
      snapshots_(std::move(found.snapshots)),
      high_watermark_(snapshots_.empty() ? log_.start().end : snapshots_.back().id.end),
      synced_(log_.end()) {
    CHECK(settings_.fetch_wait_max < settings_.fetch_timeout);
    CHECK(settings_.fetch_wait_max < settings_.request_timeout);
    CHECK(log_.end() >= high_watermark_, "the log ends before its newest snapshot");
    // The log may be ahead of the state: they are written side by side. No vote of that epoch was
    // ever told to anybody, since it would be here.
    if (log_.last_epoch() > state_.epoch) change_state({.epoch = log_.last_epoch()});
    if (!snapshots_.empty()) out.push_back(load_snapshot{snapshots_.back().id});
    if (state_.leader && *state_.leader != settings_.self.id) {
        become_follower(state_.epoch, *state_.leader, at, out);
    } else {
        // Who led when it died cannot lead that epoch on: it may have lost what it wrote last.
        become_unattached(state_.epoch, at, out);
        // Alone there is nobody to wait for.
        if (may_campaign() && log_.voters().size() == 1) become_prospective(at, out);
    }
    finish(out);
}

void replica::receive(ticket from, const request& what, const moment& at, effects& out) {
    if (const auto* vote = std::get_if<vote_request>(&what)) {
        receive_vote(from, *vote, at, out);
    } else if (const auto* begin = std::get_if<begin_epoch_request>(&what)) {
        receive_begin_epoch(from, *begin, at, out);
    } else if (const auto* end = std::get_if<end_epoch_request>(&what)) {
        receive_end_epoch(from, *end, at, out);
    } else if (const auto* fetch = std::get_if<fetch_request>(&what)) {
        receive_fetch(from, *fetch, at, out);
    } else {
        receive_fetch_snapshot(from, std::get<fetch_snapshot_request>(what), at, out);
    }
    finish(out);
}

void replica::answered(request_id id, const answer& what, const moment& at, effects& out) {
    if (fetch_ && fetch_->id == id) {
        const node_id from = fetch_->to;
        fetch_.reset();
        if (const auto* records = std::get_if<fetch_answer>(&what)) {
            fetch_answered(from, *records, at, out);
        } else if (const auto* chunk = std::get_if<fetch_snapshot_answer>(&what)) {
            snapshot_answered(from, *chunk, at, out);
        } else {
            fetch_later(at, out);
        }
    } else if (const auto asked = asked_.find(id); asked != asked_.end()) {
        const node_id from = asked->second;
        asked_.erase(asked);
        if (const auto* vote = std::get_if<vote_answer>(&what)) {
            vote_answered(from, *vote, at, out);
        } else if (const auto* begin = std::get_if<begin_epoch_answer>(&what)) {
            learn(begin->at, at, out);
        } else if (const auto* end = std::get_if<end_epoch_answer>(&what)) {
            learn(end->at, at, out);
        }
    }
    finish(out);
}

void replica::unanswered(request_id id, const moment& at, effects& out) {
    if (fetch_ && fetch_->id == id) {
        fetch_.reset();
        fetch_later(at, out);
    }
    finish(out);
}

void replica::state_persisted(write_id id, const moment& at, effects& out) {
    CHECK(persisted_ < id && id <= last_write_, "write {} after {}", id, persisted_);
    persisted_ = id;
    while (!held_back_.empty() && held_back_.front().until <= persisted_) {
        out.push_back(std::move(held_back_.front().what));
        held_back_.pop_front();
    }
    // A vote counts once it cannot be forgotten, one's own too: two epochs of one number would
    // otherwise be led by the same node before and after a crash.
    if (role_ == role::candidate && persisted_ >= needed_) cast_own_vote(at, out);
    finish(out);
}

void replica::log_synced(sync_id id, const moment& at, effects& out) {
    CHECK(sync_ && sync_->id == id, "sync {} is not under way", id);
    CHECK(sync_->end <= log_.end());
    synced_ = std::max(synced_, sync_->end);
    sync_.reset();
    if (role_ == role::leader) advance_leader(at, out);
    if (role_ == role::follower || role_ == role::unattached) fetch_next(at, out);
    finish(out);
}

void replica::timer_fired(timer which, const moment& at, effects& out) {
    std::optional<instant>& deadline = deadlines_[static_cast<std::size_t>(which)];
    if (!deadline) return;
    if (at.now < *deadline) {
        out.push_back(arm_timer{which, *deadline - at.now});
        return;
    }
    deadline.reset();
    switch (which) {
        case timer::election:
            election_timer_fired(at, out);
            break;
        case timer::fetch:
            fetch_timer_fired(at, out);
            break;
        case timer::request:
            request_timer_fired(at, out);
            break;
        case timer::check_quorum:
            check_quorum(at, out);
            break;
        case timer::parked_fetch:
            answer_parked(at, out);
            break;
        case timer::voter_change:
            end_change(error::request_timed_out, out);
            break;
    }
    finish(out);
}

/// Ends every event: begins the writes that it made necessary.
void replica::finish(effects& out) {
    if (state_changed_) {
        last_write_ = last_write_.next();
        out.push_back(persist_state{last_write_, state_});
        state_changed_ = false;
    }
    sync_log_if_needed(out);
}

void replica::sync_log_if_needed(effects& out) {
    if (sync_ || synced_ == log_.end()) return;
    sync_ = {sync_id(++last_sync_), log_.end()};
    out.push_back(sync_log{sync_->id, settings_.may_vote});
}

/// Says something to another replica, once nothing that it could depend on can be forgotten.
void replica::post(effect what, effects& out) {
    if (needed_ > persisted_) {
        held_back_.push_back({needed_, std::move(what)});
    } else {
        out.push_back(std::move(what));
    }
}

request_id replica::ask(node_id to, request what, effects& out) {
    const request_id id(++last_request_);
    post(send{to, id, std::move(what)}, out);
    return id;
}

void replica::change_state(quorum_state next) {
    CHECK(next.epoch >= state_.epoch, "epoch {} after {}", next.epoch, state_.epoch);
    const bool new_epoch = next.epoch > state_.epoch;
    CHECK(new_epoch || !state_.voted || next.voted == state_.voted, "a second vote in an epoch");
    CHECK(new_epoch || !state_.leader || next.leader == state_.leader, "a second leader");
    // Who leads is written down only to find it faster after a restart: nobody waits for that.
    if (new_epoch || next.voted != state_.voted) needed_ = last_write_.next();
    if (new_epoch) leader_gave_up_ = false;
    state_changed_ = true;
    state_ = next;
}

void replica::arm(timer which, duration after, const moment& at, effects& out) {
    deadlines_[static_cast<std::size_t>(which)] = at.now + after;
    out.push_back(arm_timer{which, after});
}

void replica::disarm(timer which, effects& out) {
    if (!is_armed(which)) return;
    deadlines_[static_cast<std::size_t>(which)].reset();
    out.push_back(cancel_timer{which});
}

bool replica::is_armed(timer which) const {
    return deadlines_[static_cast<std::size_t>(which)].has_value();
}

duration replica::random_election_timeout(const moment& at) const {
    const auto span = static_cast<std::uint64_t>(settings_.election_timeout.count());
    return settings_.election_timeout + duration(static_cast<std::int64_t>(at.chance % span));
}

/// Names a leader only if it lives for all that this replica knows: followers of a dead one would
/// otherwise go on naming it to each other for ever.
standing replica::stand(error code) const {
    const bool hearsay = following_ && !following_->has_heard;
    return {.error = code, .epoch = state_.epoch, .leader = hearsay ? std::nullopt : leader()};
}

std::optional<node_id> replica::leader() const {
    if (role_ == role::leader) return settings_.self.id;
    if (following_) return following_->leader;
    return std::nullopt;
}

bool replica::may_campaign() const {
    // Until a snapshot is in place, this replica cannot know who votes.
    const bool installing = download_ && download_->installing;
    return settings_.may_vote && is_voter() && !installing;
}

bool replica::is_meant(const replica_key& voter) const {
    return voter.id == settings_.self.id &&
           (voter.directory.is_zero() || voter.directory == settings_.self.directory);
}

void replica::advance_high_watermark(offset to, effects& out) {
    if (to <= high_watermark_) return;
    high_watermark_ = to;
    out.push_back(commit_to{to});
}

}  // namespace verdikt::broker::raft
