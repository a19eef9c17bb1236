// Fetches of followers: fenced by three epochs, matched by a fourth.
#include "broker/replication/epoch_check.h"
#include "broker/replication/partition_leader.h"

#include <algorithm>

namespace verdikt::broker::replication {

using kafka::error_code;

error_code partition_leader::refuse_fetch(const replica_fetch& request) const {
    if (!is_serving()) return error_code::not_leader_or_follower;
    // Unlike a client, a follower always knows whom it follows.
    if (request.current_leader_epoch < epoch()) return error_code::fenced_leader_epoch;
    if (request.current_leader_epoch > epoch()) return error_code::unknown_leader_epoch;
    // It may know of a reassignment that we have yet to hear of.
    const auto known = followers_.find(request.replica);
    if (known == followers_.end()) return error_code::unknown_leader_epoch;
    if (request.epoch < known->second.epoch) return error_code::stale_broker_epoch;
    return error_code::none;
}

/// An incarnation that metadata does not know yet may read, but what it holds does not count.
bool partition_leader::counts(const replica_fetch& request) const {
    return request.epoch == followers_.at(request.replica).epoch;
}

fetch_verdict partition_leader::fetch(const replica_fetch& request,
                                      const log_view& log,
                                      runtime::instant now,
                                      effects& out) {
    if (const error_code error = refuse_fetch(request); error != error_code::none) {
        return {.error = error};
    }
    fetch_verdict verdict{
        .bound = log.end(), .high_watermark = high_watermark_, .log_start = log.start()};
    if (const auto ours = divergence(request.last_fetched_epoch, request.from, log)) {
        verdict.diverging = ours;
        return verdict;
    }
    if (request.from < log.start() || request.from > log.end()) {
        verdict.error = error_code::offset_out_of_range;
        return verdict;
    }
    follower& who = followers_.at(request.replica);
    // Told once, or one that cannot drop them would ask without end.
    verdict.log_start_is_news = request.log_start < log.start() && who.told_start < log.start();
    who.told_start = log.start();
    if (counts(request)) {
        note_progress(who, request, log, now);
        after_change(log, now, out);
        verdict.high_watermark = high_watermark_;
    }
    return verdict;
}

void partition_leader::note_progress(follower& who,
                                     const replica_fetch& request,
                                     const log_view& log,
                                     runtime::instant now) const {
    // To have all that was here at its last fetch is to have kept up until then; measured against
    // the log end of now, a steady writer would leave every follower behind.
    if (request.from >= log.end()) {
        who.last_caught_up = now;
    } else if (who.leader_end_at_last_fetch != kafka::no_offset &&
               request.from >= who.leader_end_at_last_fetch) {
        who.last_caught_up = std::max(who.last_caught_up, who.last_fetch);
    }
    who.end = request.from;
    who.start = request.log_start;
    who.last_fetch = now;
    who.leader_end_at_last_fetch = log.end();
}

}  // namespace verdikt::broker::replication
