#include "broker/raft/replica.h"
#include "runtime/check.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

namespace verdikt::broker::raft {

/// Asks for what comes next, if nothing is under way and all that is here is safe: to ask for an
/// offset acknowledges what lies before it.
void replica::fetch_next(const moment& at, effects& out) {
    const bool installing = download_ && download_->installing;
    if (fetch_ || installing || synced_ < log_.end()) return;
    const std::optional<node_id> target = fetch_target();
    if (!target) return;
    request what;
    if (download_) {
        what = fetch_snapshot_request{.replica = settings_.self,
                                      .epoch = state_.epoch,
                                      .snapshot = download_->snapshot,
                                      .position = download_->position};
    } else {
        what = fetch_request{.replica = settings_.self,
                             .epoch = state_.epoch,
                             .from = log_.end(),
                             .last_fetched_epoch = log_.last_epoch(),
                             .wait_max = settings_.fetch_wait_max};
    }
    fetch_ = {.id = ask(*target, std::move(what), out), .to = *target};
    arm(timer::request, settings_.request_timeout, at, out);
}

/// The leader, or whoever may know it: the voters in turn.
std::optional<node_id> replica::fetch_target() {
    if (following_) return following_->leader;
    const auto& voters = log_.voters().all();
    for (std::size_t tried = 0; tried < voters.size(); ++tried) {
        const auto next =
            std::next(voters.begin(), static_cast<std::ptrdiff_t>(turn_++ % voters.size()));
        if (next->first != settings_.self.id) return next->first;
    }
    return std::nullopt;
}

void replica::fetch_later(const moment& at, effects& out) {
    arm(timer::request, settings_.retry_backoff, at, out);
}

void replica::fetch_answered(node_id from,
                             const fetch_answer& what,
                             const moment& at,
                             effects& out) {
    if (learn(what.at, at, out)) return;
    const bool from_leader = following_ && following_->leader == from &&
                             what.at.epoch == state_.epoch && what.at.error == error::none;
    if (!from_leader || !fits(what.batches)) {
        fetch_later(at, out);
        return;
    }
    heard_leader(at, out);
    if (what.diverging) {
        cut_log(*what.diverging, out);
    } else if (what.snapshot) {
        begin_download(*what.snapshot);
    } else {
        take_batches(what.batches, out);
        // Only now is our log known to be a part of the leader's.
        advance_high_watermark(std::min(what.high_watermark, log_.end()), out);
    }
    fetch_next(at, out);
}

void replica::heard_leader(const moment& at, effects& out) {
    following_->has_heard = true;
    following_->has_ended = false;
    arm(timer::fetch, settings_.fetch_timeout, at, out);
}

/// Removes what the leader does not have. Its log may have ended that epoch earlier, and so may
/// ours (KIP-279): the next fetch tells whether more has to go.
void replica::cut_log(const log_position& diverging, effects& out) {
    const log_position own = log_.end_of(diverging.epoch);
    const offset to = own.epoch == diverging.epoch ? std::min(own.end, diverging.end) : own.end;
    CHECK(
        to >= high_watermark_, "the leader lacks what is committed: {} < {}", to, high_watermark_);
    CHECK(!sync_, "the log is cut while it is being synced");
    if (to == log_.end()) return;
    log_.truncate(to);
    synced_ = std::min(synced_, to);
    out.push_back(truncate_log{to});
}

/// Whether the batches continue the log, none of them from a later epoch than the leader's.
bool replica::fits(const std::vector<batch>& batches) const {
    log_position last = log_.last();
    return std::ranges::all_of(batches, [&](const batch& next) {
        const bool follows = next.base == last.end && next.record_count > 0 &&
                             next.epoch >= last.epoch && next.epoch > epoch_before_all &&
                             next.epoch <= state_.epoch;
        last = {next.epoch, next.end()};
        return follows;
    });
}

void replica::take_batches(const std::vector<batch>& batches, effects& out) {
    if (batches.empty()) return;
    for (const batch& next : batches) log_.append(next);
    out.push_back(append_log{batches});
    // The sync that makes it count follows at the end of this event.
}

void replica::process_ended(node_id which, const moment& at, effects& out) {
    const bool is_leader = following_ && following_->leader == which;
    if (is_leader && !std::exchange(following_->has_ended, true)) {
        following_->has_heard = false;
        arm(timer::fetch, succession_delay(which), at, out);
    }
    finish(out);
}

/// The voters that are left stand one after another, so that they do not take each other's votes
/// away; the first not before the others can have noticed, too.
duration replica::succession_delay(node_id gone) const {
    constexpr std::int64_t turns_between = 4;
    std::int64_t before_us = 0;
    for (const auto& [node, voter] : log_.voters().all()) {
        if (node < settings_.self.id && node != gone) ++before_us;
    }
    return settings_.retry_backoff * (1 + turns_between * before_us);
}

void replica::fetch_timer_fired(const moment& at, effects& out) {
    CHECK(role_ == role::follower);
    if (may_campaign()) {
        become_prospective(at, out);
    } else {
        become_unattached(state_.epoch, at, out);
    }
}

void replica::request_timer_fired(const moment& at, effects& out) {
    switch (role_) {
        case role::unattached:
        case role::follower:
            fetch_.reset();
            fetch_next(at, out);
            break;
        case role::prospective:
        case role::candidate:
            ask_for_votes(at, out);
            break;
        case role::leader:
            announce(at, out);
            break;
        case role::resigned:
            say_farewell(at, out);
            break;
    }
}

}  // namespace verdikt::broker::raft
