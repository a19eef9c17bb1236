#include "broker/raft/replica.h"
#include "runtime/check.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::raft {

kafka::error_code replica::refuse_fetch(leader_epoch epoch) const {
    if (epoch < state_.epoch) return error::fenced_leader_epoch;
    if (epoch > state_.epoch) return error::unknown_leader_epoch;
    if (role_ != role::leader) return error::not_leader_or_follower;
    return error::none;
}

void replica::receive_fetch(ticket from,
                            const fetch_request& what,
                            const moment& at,
                            effects& out) {
    error refusal = refuse_fetch(what.epoch);
    if (refusal == error::none && what.from < offset(0)) refusal = error::invalid_request;
    if (refusal != error::none) {
        post(reply{from, fetch_answer{stand(refusal)}}, out);
        return;
    }
    const bool is_replica = what.replica.id >= node_id(0);
    if (is_replica) leadership_->progress.of(what.replica).last_fetch = at.now;
    if (auto elsewhere = divergence(what)) {
        post(reply{from, *std::move(elsewhere)}, out);
    } else if (!is_replica) {
        answer_fetch(from, what.from, nullptr, out);
    } else {
        acknowledge(from, what, at, out);
    }
}

/// The answer to a replica whose log is not a part of ours: where ours leaves it, or the snapshot
/// that it has to begin with.
std::optional<fetch_answer> replica::divergence(const fetch_request& what) const {
    fetch_answer found{
        .at = stand(), .high_watermark = high_watermark_, .log_start = log_.start().end};
    const log_position& start = log_.start();
    const bool before_start = what.from < start.end || what.last_fetched_epoch < start.epoch ||
                              (what.from == start.end && what.last_fetched_epoch != start.epoch);
    if (before_start && !snapshots_.empty()) {
        found.snapshot = snapshots_.back().id;
        return found;
    }
    const log_position shared = log_.end_of(what.last_fetched_epoch);
    if (shared.epoch == what.last_fetched_epoch && what.from <= shared.end) return std::nullopt;
    found.diverging = shared;
    return found;
}

/// All before the offset that a replica asks for is safe there. Its log agrees with ours up to it.
void replica::acknowledge(ticket from, const fetch_request& what, const moment& at, effects& out) {
    replica_progress& progress = leadership_->progress.of(what.replica);
    if (what.from == log_.end()) progress.last_caught_up = at.now;
    const bool is_news = what.from > progress.acknowledged;
    progress.acknowledged = std::max(progress.acknowledged, std::optional(what.from));
    if (progress.parked) {
        // Its sender has given it up, having sent another.
        answer_fetch(progress.parked->from, progress.parked->at, &progress, out);
        progress.parked.reset();
    }
    const bool nothing_new = what.from == log_.end() && progress.told == high_watermark_;
    if (nothing_new && what.wait_max > duration::zero()) {
        const duration wait = std::min(what.wait_max, settings_.fetch_wait_max);
        progress.parked = {.from = from, .at = what.from, .until = at.now + wait};
    } else {
        answer_fetch(from, what.from, &progress, out);
    }
    if (is_news) {
        advance_leader(at, out);
    } else {
        answer_parked(at, out);
    }
}

void replica::answer_fetch(ticket to, offset from, replica_progress* progress, effects& out) {
    // What is held back would be read later, perhaps from a log that another leader has changed.
    CHECK(needed_ <= persisted_, "a leader with a vote that is not safe");
    fetch_answer told{
        .at = stand(), .high_watermark = high_watermark_, .log_start = log_.start().end};
    std::optional<log_range> records;
    if (from < log_.end()) records = {.from = from, .to = log_.end()};
    if (progress != nullptr) progress->told = high_watermark_;
    out.push_back(reply{to, std::move(told), records});
}

/// Answers whoever can be told something new, or has waited long enough.
void replica::answer_parked(const moment& at, effects& out) {
    std::optional<instant> next;
    for (auto& [replica, progress] : leadership_->progress.all()) {
        if (!progress.parked) continue;
        const parked_fetch waiting = *progress.parked;
        if (waiting.at == log_.end() && progress.told == high_watermark_ &&
            at.now < waiting.until) {
            next = next ? std::min(*next, waiting.until) : waiting.until;
            continue;
        }
        progress.parked.reset();
        answer_fetch(waiting.from, waiting.at, &progress, out);
    }
    const std::optional<instant> armed = deadlines_[static_cast<std::size_t>(timer::parked_fetch)];
    if (next && next != armed) arm(timer::parked_fetch, *next - at.now, at, out);
    if (!next) disarm(timer::parked_fetch, out);
}

void replica::receive_fetch_snapshot(ticket from,
                                     const fetch_snapshot_request& what,
                                     const moment& at,
                                     effects& out) {
    fetch_snapshot_answer told{.at = stand(refuse_fetch(what.epoch)),
                               .snapshot = what.snapshot,
                               .position = what.position};
    if (told.at.error == error::none) {
        // It lives, and would fetch records if it could.
        leadership_->progress.of(what.replica).last_fetch = at.now;
        const auto found = std::ranges::find(snapshots_, what.snapshot, &stored_snapshot::id);
        if (found == snapshots_.end()) {
            told.at.error = error::snapshot_not_found;
        } else {
            told.size = found->size;
            if (what.position < 0 || what.position >= found->size)
                told.at.error = error::position_out_of_range;
        }
    }
    post(reply{from, std::move(told)}, out);
}

}  // namespace verdikt::broker::raft
