// Who leaves and who joins the in-sync set.
#include "broker/replication/partition_leader.h"

namespace verdikt::broker::replication {

bool partition_leader::is_eligible(kafka::node_id node) const {
    const auto standing = brokers_.find(node);
    return standing != brokers_.end() && !standing->second.fenced &&
           !standing->second.shutting_down;
}

/// The high watermark is not enough: a new leader does not know yet how far its predecessor's had
/// come, only that it lies at or below its own epoch's start. And whoever lags would have to leave
/// again at once, and could then join again. Who still has records that were deleted here would
/// bring them back as leader.
bool partition_leader::may_join(kafka::node_id node,
                                const log_view& log,
                                runtime::instant now) const {
    const follower& who = followers_.at(node);
    return is_eligible(node) && !lags(node, now) && who.end >= high_watermark_ &&
           who.end >= epoch_start() && who.start >= log.start();
}

bool partition_leader::lags(kafka::node_id node, runtime::instant now) const {
    const auto known = followers_.find(node);
    if (known == followers_.end()) return true;
    return known->second.last_caught_up == runtime::instant::min() ||
           now - known->second.last_caught_up > settings_.replica_lag_time_max;
}

bool partition_leader::is_isolated(runtime::instant now) const {
    if (controller_reachable_) return false;
    for (const kafka::node_id node : in_sync_.maximal()) {
        if (node != self_ && lags(node, now)) return true;
    }
    return false;
}

std::vector<proposed_member> partition_leader::members(const std::set<kafka::node_id>& isr) const {
    std::vector<proposed_member> result;
    for (const kafka::node_id node : isr) {
        const auto standing = brokers_.find(node);
        const broker_epoch epoch =
            standing == brokers_.end() ? no_broker_epoch : standing->second.epoch;
        result.push_back({.node = node, .epoch = epoch});
    }
    return result;
}

/// Requires: is_serving().
void partition_leader::propose_change(const log_view& log, runtime::instant now) {
    if (!in_sync_.can_propose(now)) return;
    if (in_sync_.recovery() == recovery_state::recovering) {
        // What this leader has is what there is from now on; nobody joins before that is known.
        in_sync_.propose(members({self_}), recovery_state::recovered);
        return;
    }
    std::set<kafka::node_id> wanted = in_sync_.committed();
    std::erase_if(wanted, [&](kafka::node_id node) { return node != self_ && lags(node, now); });
    if (wanted == in_sync_.committed()) {
        for (const auto& [node, who] : followers_) {
            if (may_join(node, log, now)) wanted.insert(node);
        }
    }
    // To propose what is committed already changes nothing but the partition epoch, and with it
    // voids the attempts whose fate is unknown.
    if (wanted == in_sync_.committed() && in_sync_.doubtful().empty()) return;
    in_sync_.propose(members(wanted), recovery_state::recovered);
}

void partition_leader::send_due(runtime::instant now, effects& out) {
    if (auto attempt = in_sync_.next_attempt(now)) out.push_back(std::move(*attempt));
}

}  // namespace verdikt::broker::replication
