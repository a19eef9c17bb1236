#include "broker/raft/replica.h"
#include "runtime/check.h"

#include <utility>

namespace verdikt::broker::raft {

void replica::add_voter(ticket from,
                        const replica_key& added,
                        std::vector<endpoint> endpoints,
                        const change_time& time,
                        effects& out) {
    error refusal = refuse_change();
    if (refusal == error::none && log_.voters().contains(added.id))
        refusal = error::duplicate_voter;
    if (refusal != error::none) {
        out.push_back(voter_change_done{from, refusal});
        return;
    }
    voter_set target = log_.voters().with(added.id, {added.directory, std::move(endpoints)});
    begin_change({from, std::move(target), added}, time, out);
}

void replica::remove_voter(ticket from,
                           const replica_key& removed,
                           const change_time& time,
                           effects& out) {
    error refusal = refuse_change();
    if (refusal == error::none && !log_.voters().contains(removed))
        refusal = error::voter_not_found;
    // Nobody could ever lead again.
    if (refusal == error::none && log_.voters().size() == 1) refusal = error::invalid_request;
    if (refusal != error::none) {
        out.push_back(voter_change_done{from, refusal});
        return;
    }
    begin_change({from, log_.voters().without(removed.id)}, time, out);
}

void replica::update_voter(ticket from,
                           const replica_key& updated,
                           std::vector<endpoint> endpoints,
                           const change_time& time,
                           effects& out) {
    error refusal = refuse_change();
    if (refusal == error::none && !log_.voters().contains(updated))
        refusal = error::voter_not_found;
    if (refusal != error::none) {
        out.push_back(voter_change_done{from, refusal});
        return;
    }
    voter_set target = log_.voters().with(updated.id, {updated.directory, std::move(endpoints)});
    begin_change({from, std::move(target)}, time, out);
}

/// Two sets of voters that differ by one always share somebody in their majorities; that holds only
/// if the set before is committed, and by a record of this very epoch (Ongaro, raft-dev 2015).
kafka::error_code replica::refuse_change() const {
    if (role_ != role::leader) return error::not_leader_or_follower;
    const bool another = leadership_->change || !(log_.voters_at() < high_watermark_);
    if (!leadership_->ready || another) return error::request_timed_out;
    return error::none;
}

void replica::begin_change(voter_change change, const change_time& time, effects& out) {
    leadership_->change = std::move(change);
    arm(timer::voter_change, time.timeout, time.at, out);
    continue_change(time.at, out);
    finish(out);
}

/// Writes the new voters down once the one that is added has caught up (they count from then on),
/// and answers once they are committed.
void replica::continue_change(const moment& at, effects& out) {
    if (!leadership_ || !leadership_->change) return;
    voter_change& change = *leadership_->change;
    if (change.at) {
        if (*change.at < high_watermark_) end_change(error::none, out);
        return;
    }
    if (change.added) {
        // One that lags would count towards majorities that it cannot help to reach.
        const replica_progress* progress = leadership_->progress.find(*change.added);
        const bool caught_up = progress != nullptr && progress->acknowledged >= high_watermark_ &&
                               progress->last_fetch > at.now - settings_.fetch_timeout;
        if (!caught_up) return;
    }
    change.at = append_batch(change.target, 1, nullptr, out);
    answer_parked(at, out);
}

void replica::end_change(error outcome, effects& out) {
    if (!leadership_ || !leadership_->change) return;
    out.push_back(voter_change_done{leadership_->change->from, outcome});
    leadership_->change.reset();
    disarm(timer::voter_change, out);
}

}  // namespace verdikt::broker::raft
