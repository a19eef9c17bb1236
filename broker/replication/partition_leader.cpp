#include "broker/replication/partition_leader.h"

#include "runtime/check.h"

#include <utility>

namespace verdikt::broker::replication {

partition_leader::partition_leader(kafka::node_id self,
                                   const replica_settings& settings,
                                   const partition_state& state,
                                   broker_standings brokers,
                                   kafka::offset high_watermark,
                                   proposal_number last_number,
                                   runtime::instant now)
    : self_(self),
      settings_(settings),
      state_(state),
      brokers_(std::move(brokers)),
      in_sync_(state, last_number),
      high_watermark_(high_watermark) {
    CHECK(state.leader == self);
    meet_followers(now);
}

/// Follows changes of the replicas and of their incarnations.
void partition_leader::meet_followers(runtime::instant now) {
    std::erase_if(followers_, [&](const auto& known) { return !state_.has_replica(known.first); });
    for (const kafka::node_id node : state_.replicas) {
        if (node == self_) continue;
        const auto standing = brokers_.find(node);
        const broker_epoch epoch =
            standing == brokers_.end() ? no_broker_epoch : standing->second.epoch;
        const auto [known, is_new] = followers_.try_emplace(node);
        // What an earlier incarnation held may have been lost with it (KIP-903).
        if (!is_new && known->second.epoch == epoch) continue;
        known->second = follower{.epoch = epoch};
        // Whoever is in sync gets its time to turn to this leader.
        if (in_sync_.maximal().contains(node)) known->second.last_caught_up = now;
    }
}

void partition_leader::epoch_assigned(const log_view& log, runtime::instant now, effects& out) {
    CHECK(!epoch_start_);
    epoch_start_ = log.end();
    after_change(log, now, out);
}

void partition_leader::apply(const partition_state& state,
                             const broker_standings& brokers,
                             const log_view& log,
                             runtime::instant now,
                             effects& out) {
    CHECK(state.leader == self_ && state.leader_epoch == state_.leader_epoch);
    state_ = state;
    brokers_ = brokers;
    in_sync_.apply(state);
    meet_followers(now);
    after_change(log, now, out);
}

void partition_leader::log_moved(const log_view& log, runtime::instant now, effects& out) {
    advance(log, now, out);
}

void partition_leader::tick(const log_view& log, runtime::instant now, effects& out) {
    after_change(log, now, out);
}

void partition_leader::alter_partition_answered(proposal_number number,
                                                const alter_outcome& outcome,
                                                const log_view& log,
                                                runtime::instant now,
                                                effects& out) {
    in_sync_.answered(number, outcome, now, settings_.alter_partition_backoff);
    after_change(log, now, out);
}

void partition_leader::resign(effects& out) {
    for (const auto& [from, end] : waits_) {
        out.push_back(answer_produce{from, kafka::error_code::not_leader_or_follower});
    }
    for (const auto& [from, below] : deletions_) {
        out.push_back(answer_deletion{from, kafka::error_code::not_leader_or_follower});
    }
    waits_.clear();
    waits_by_end_.clear();
    deletions_.clear();
}

void partition_leader::after_change(const log_view& log, runtime::instant now, effects& out) {
    if (!is_serving()) return;
    propose_change(log, now);
    send_due(now, out);
    advance(log, now, out);
    answer_deleted(log, now, out);
}

void partition_leader::check_invariants(const log_view& log) const {
    in_sync_.check_invariants();
    CHECK(high_watermark_ <= log.end());
    CHECK(!epoch_start_ || *epoch_start_ <= log.end());
    CHECK(waits_.size() == waits_by_end_.size());
    CHECK(waits_by_end_.empty() || waits_by_end_.begin()->first > high_watermark_);
    for (const auto& [node, who] : followers_) {
        CHECK(node != self_ && state_.has_replica(node), "{} does not follow", node);
    }
}

}  // namespace verdikt::broker::replication
