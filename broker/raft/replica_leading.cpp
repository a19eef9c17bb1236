#include "broker/raft/replica.h"
#include "runtime/check.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::raft {

void replica::receive_begin_epoch(ticket from,
                                  const begin_epoch_request& what,
                                  const moment& at,
                                  effects& out) {
    error outcome = error::none;
    const bool same_epoch = what.epoch == state_.epoch;
    if (what.epoch < state_.epoch) {
        outcome = error::fenced_leader_epoch;
    } else if (!is_meant(what.voter)) {
        outcome = error::invalid_voter_key;
    } else if (what.leader == settings_.self.id ||
               (same_epoch && state_.leader && *state_.leader != what.leader)) {
        outcome = error::invalid_request;
    } else {
        learn({.epoch = what.epoch, .leader = what.leader}, at, out);
    }
    post(reply{from, begin_epoch_answer{stand(outcome)}}, out);
}

void replica::receive_end_epoch(ticket from,
                                const end_epoch_request& what,
                                const moment& at,
                                effects& out) {
    const bool same_epoch = what.epoch == state_.epoch;
    if (what.epoch < state_.epoch) {
        post(reply{from, end_epoch_answer{stand(error::fenced_leader_epoch)}}, out);
        return;
    }
    if (what.leader == settings_.self.id ||
        (same_epoch && state_.leader && *state_.leader != what.leader)) {
        post(reply{from, end_epoch_answer{stand(error::invalid_request)}}, out);
        return;
    }
    if (!same_epoch || role_ == role::follower) become_unattached(what.epoch, at, out);
    const bool is_first_time = !std::exchange(leader_gave_up_, true);
    if (role_ == role::unattached && is_first_time && may_campaign()) {
        const auto place = std::ranges::find(what.successors, settings_.self.id, &replica_key::id);
        if (place != what.successors.end()) {
            // The first stands at once, each other after those before it had their chance.
            const auto turn = std::distance(what.successors.begin(), place);
            const duration step =
                settings_.election_backoff_max / static_cast<std::int64_t>(what.successors.size());
            arm(timer::election, step * turn, at, out);
        }
    }
    post(reply{from, end_epoch_answer{stand()}}, out);
}

/// Makes itself known to voters that do not fetch, now and until they do.
void replica::announce(const moment& at, effects& out) {
    asked_.clear();
    const duration period = settings_.fetch_timeout / 2;
    const voter_set& voters = log_.voters();
    for (const auto& [node, entry] : voters.all()) {
        if (node == settings_.self.id) continue;
        const replica_progress* progress = leadership_->progress.voter(voters, node);
        if (progress != nullptr && progress->last_fetch > at.now - period) continue;
        asked_.emplace(
            ask(node,
                begin_epoch_request{state_.epoch, settings_.self.id, voters.key_of(node)},
                out),
            node);
    }
    arm(timer::request, period, at, out);
}

/// Tells the voters that this epoch has no leader any more, so that they need not find out by
/// waiting.
void replica::say_farewell(const moment& at, effects& out) {
    asked_.clear();
    for (const replica_key& voter : successors_) {
        asked_.emplace(
            ask(voter.id, end_epoch_request{state_.epoch, settings_.self.id, successors_}, out),
            voter.id);
    }
    arm(timer::request, settings_.request_timeout, at, out);
}

void replica::resign(const moment& at, effects& out) {
    if (role_ == role::leader) become_resigned(at, out);
    finish(out);
}

offset replica::append_batch(batch_content content,
                             std::int32_t count,
                             payload bytes,
                             effects& out) {
    CHECK(role_ == role::leader);
    batch next{.base = log_.end(),
               .epoch = state_.epoch,
               .record_count = count,
               .content = std::move(content),
               .bytes = std::move(bytes)};
    const offset base = next.base;
    log_.append(next);
    out.push_back(append_log{{std::move(next)}});
    return base;
}

std::expected<offset, kafka::error_code> replica::append(leader_epoch epoch,
                                                         const std::vector<new_records>& records,
                                                         const moment& at,
                                                         effects& out) {
    if (!is_ready()) return std::unexpected(error::not_leader_or_follower);
    if (epoch != state_.epoch) return std::unexpected(error::fenced_leader_epoch);
    const offset base = log_.end();
    for (const new_records& each : records) {
        append_batch(plain_records{}, each.count, each.bytes, out);
    }
    answer_parked(at, out);
    finish(out);
    return base;
}

/// Commits what a majority has safe. Called whenever somebody's log got safer.
void replica::advance_leader(const moment& at, effects& out) {
    const offset safe = leadership_->progress.majority_end(log_.voters(), settings_.self, synced_);
    // Records of earlier epochs become committed only through one of this epoch: without it they
    // could still lose an election (Raft, section 5.4.2).
    if (safe > leadership_->began_at) advance_high_watermark(safe, out);
    if (!leadership_->ready && high_watermark_ > leadership_->began_at) {
        leadership_->ready = true;
        out.push_back(leader_ready{state_.epoch});
    }
    continue_change(at, out);
    const bool removed = !is_voter() && log_.voters_at() < high_watermark_;
    if (leadership_->ready && removed) {
        become_resigned(at, out);
        return;
    }
    answer_parked(at, out);
}

bool replica::is_ready() const {
    return leadership_ && leadership_->ready;
}

/// Without a majority a leader serves nobody, and must not keep those who reach it from another.
void replica::check_quorum(const moment& at, effects& out) {
    const duration patience = settings_.fetch_timeout * 3 / 2;
    const instant since =
        leadership_->progress.majority_fetched_since(log_.voters(), settings_.self, at.now);
    if (at.now - since >= patience) {
        become_resigned(at, out);
        return;
    }
    leadership_->progress.forget_observers_before(log_.voters(),
                                                  at.now - settings_.observer_session);
    arm(timer::check_quorum, since + patience - at.now, at, out);
}

std::optional<quorum_description> replica::describe(instant now) const {
    if (!leadership_) return std::nullopt;
    quorum_description told{
        .leader = settings_.self.id, .epoch = state_.epoch, .high_watermark = high_watermark_};
    const voter_set& voters = log_.voters();
    for (const auto& [node, entry] : voters.all()) {
        quorum_description::replica_state state{.replica = voters.key_of(node)};
        if (node == settings_.self.id) {
            state.end = log_.end();
            state.last_caught_up = now;
        } else if (const auto* progress = leadership_->progress.voter(voters, node)) {
            state.end = progress->acknowledged;
            state.last_fetch = progress->last_fetch;
            state.last_caught_up = progress->last_caught_up;
        }
        told.voters.push_back(state);
    }
    for (const auto& [key, progress] : leadership_->progress.all()) {
        if (voters.contains(key) || key == settings_.self) continue;
        told.observers.push_back(
            {key, progress.acknowledged, progress.last_fetch, progress.last_caught_up});
    }
    return told;
}

}  // namespace verdikt::broker::raft
