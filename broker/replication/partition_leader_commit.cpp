// The high watermark, and those who wait for it.
#include "broker/replication/partition_leader.h"
#include "runtime/check.h"

#include <algorithm>

namespace verdikt::broker::replication {

using kafka::error_code;

std::size_t partition_leader::min_in_sync() const {
    return std::min(static_cast<std::size_t>(std::max(settings_.min_insync_replicas, 1)),
                    state_.replicas.size());
}

bool partition_leader::is_under_min_in_sync() const {
    return in_sync_.committed().size() < min_in_sync();
}

error_code partition_leader::admit_produce(required_acks acks, runtime::instant now) const {
    if (!is_serving()) return error_code::not_leader_or_follower;
    // Its sender asks for metadata and finds the leader that may have been elected meanwhile,
    // instead of waiting here for its time to run out.
    if (is_isolated(now)) return error_code::not_leader_or_follower;
    if (acks == required_acks::all && is_under_min_in_sync()) {
        return error_code::not_enough_replicas;
    }
    return error_code::none;
}

void partition_leader::await_commit(ticket from, kafka::offset end, effects& out) {
    CHECK(!waits_.contains(from));
    waits_[from] = end;
    waits_by_end_.emplace(end, from);
    answer_committed(out);
}

void partition_leader::forget(ticket from) {
    deletions_.erase(from);
    const auto found = waits_.find(from);
    if (found == waits_.end()) return;
    const auto [first, last] = waits_by_end_.equal_range(found->second);
    waits_by_end_.erase(
        std::find_if(first, last, [&](const auto& wait) { return wait.second == from; }));
    waits_.erase(found);
}

/// Who counts beyond the maximal in-sync set: one that keeps up and is about to join. To move on
/// without it would keep it out for ever under a steady load.
bool partition_leader::is_waited_for(kafka::node_id node, runtime::instant now) const {
    if (in_sync_.maximal().contains(node)) return true;
    return is_eligible(node) && !lags(node, now);
}

/// Nothing while somebody who counts has not fetched from this leader yet.
std::optional<kafka::offset> partition_leader::held_by_all(const log_view& log,
                                                           runtime::instant now) const {
    kafka::offset least = settings_.held_end(log);
    for (const kafka::node_id member : in_sync_.maximal()) {
        if (member != self_ && !followers_.contains(member)) return std::nullopt;
    }
    for (const auto& [node, who] : followers_) {
        if (!is_waited_for(node, now)) continue;
        if (who.end == kafka::no_offset) return std::nullopt;
        least = std::min(least, who.end);
    }
    return least;
}

void partition_leader::advance(const log_view& log, runtime::instant now, effects& out) {
    // What too few hold is not committed, whoever else has it (KIP-966).
    if (!is_serving() || is_under_min_in_sync()) return;
    const auto held = held_by_all(log, now);
    if (!held || *held <= high_watermark_) return;
    high_watermark_ = *held;
    out.push_back(advance_high_watermark{high_watermark_});
    answer_committed(out);
}

void partition_leader::answer_committed(effects& out) {
    // Committed when enough held it, but fewer do now: it may yet be lost with them.
    const error_code outcome =
        is_under_min_in_sync() ? error_code::not_enough_replicas_after_append : error_code::none;
    while (!waits_by_end_.empty() && waits_by_end_.begin()->first <= high_watermark_) {
        const ticket to = waits_by_end_.begin()->second;
        waits_by_end_.erase(waits_by_end_.begin());
        waits_.erase(to);
        out.push_back(answer_produce{to, outcome});
    }
}

}  // namespace verdikt::broker::replication
