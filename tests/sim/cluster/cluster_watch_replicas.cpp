#include "tests/sim/cluster/cluster_watch.h"

#include <algorithm>

namespace verdikt::tests {

using broker::replication::partition_leader;
using broker::replication::replica_role;

namespace {

/// How many epochs have records from `to` on, of a log that ended at `end`.
std::size_t epochs_cut(const std::map<kafka::leader_epoch, kafka::offset>& begins,
                       kafka::offset to,
                       kafka::offset end) {
    std::size_t cut = 0;
    for (auto each = begins.begin(); each != begins.end(); ++each) {
        const auto next = std::next(each);
        const kafka::offset ends = next == begins.end() ? end : next->second;
        if (each->second < ends && ends > to) ++cut;
    }
    return cut;
}

/// Whether the high watermark must wait for somebody whom the controller may have let in already.
bool waits_for_a_joiner(const partition_leader& leading) {
    const auto& in_sync = leading.in_sync();
    return in_sync.maximal().size() > in_sync.committed().size();
}

}  // namespace

void cluster_watch::look_at_replicas() {
    serving_.clear();
    is_behind_ = is_under_min_ = is_isolated_ = false;
    waits_for_joiner_ = is_held_back_ = is_fenced_ = false;
    for (const cluster_machine& each : machines_) {
        const auto* const here = each.services();
        if (here == nullptr) continue;
        for (const auto& replica : here->partitions.each()) look_at(each, *replica);
    }
    count_beginning(mark::high_watermark_behind_after_election, is_behind_);
    count_beginning(mark::under_min_in_sync, is_under_min_);
    count_beginning(mark::leader_isolated, is_isolated_);
    count_beginning(mark::waits_for_a_joiner, waits_for_joiner_);
    count_beginning(mark::stable_end_held_back, is_held_back_);
    count_beginning(mark::follower_fenced, is_fenced_);
    count_beginning(mark::two_served_as_leader, std::ranges::any_of(serving_, [](const auto& each) {
                        return each.second > 1;
                    }));
}

void cluster_watch::look_at(const cluster_machine& on, const hosted& replica) {
    replica_seen& seen = replicas_[{on.id(), replica.name()}];
    const std::uint64_t life = on.machine().starts();
    if (seen.life != life) seen = {.life = life};
    replica_seen now{.life = life};
    now.epochs = std::move(seen.epochs);
    look_at_log(replica, seen, now);
    const auto* const following = replica.replica().following();
    is_fenced_ = is_fenced_ || (following != nullptr && following->is_fenced());
    look_at_leader(on, replica, seen, now);
    seen = std::move(now);
}

void cluster_watch::look_at_log(const hosted& replica,
                                const replica_seen& before,
                                replica_seen& now) {
    const auto& log = replica.log();
    now.start = log.log_start();
    now.end = log.log_end();
    now.size = log.size();
    is_held_back_ = is_held_back_ || log.last_stable_offset() < log.high_watermark();
    if (now.start > before.end && before.end > kafka::offset(0))
        marks_.count(mark::log_started_anew);
    if (now.end < before.end) {
        marks_.count(mark::truncated);
        count_if(epochs_cut(now.epochs, now.end, before.end) > 1,
                 mark::truncated_across_two_epochs);
        std::erase_if(now.epochs, [&now](const auto& each) { return each.second >= now.end; });
    }
    count_if(log.config().cleanup_compact && now.size < before.size && now.end >= before.end &&
                 now.start == before.start,
             mark::compacted);
    const kafka::leader_epoch latest = log.latest_epoch();
    if (latest < kafka::leader_epoch(0) || now.epochs.contains(latest)) return;
    const auto former = log.end_offset_for(kafka::leader_epoch(latest.value() - 1));
    now.epochs.emplace(latest, former ? former->end_offset : now.start);
    constexpr std::size_t kept_max = 8;
    if (now.epochs.size() > kept_max) now.epochs.erase(now.epochs.begin());
}

void cluster_watch::look_at_leader(const cluster_machine& on,
                                   const hosted& replica,
                                   const replica_seen& before,
                                   replica_seen& now) {
    now.serving = replica.serving_epoch();
    const partition_leader* const leading = replica.replica().leading();
    const bool still_leads = leading != nullptr && now.serving == before.serving;
    count_if(before.proposes && !still_leads, mark::change_pending_while_leader_moved);
    if (leading == nullptr || !leading->is_serving()) return;
    const auto& in_sync = leading->in_sync();
    now.proposes = in_sync.is_open();
    now.in_doubt = !in_sync.doubtful().empty();
    count_if(now.in_doubt && !before.in_doubt, mark::change_in_doubt);
    is_behind_ = is_behind_ || leading->high_watermark() < leading->epoch_start();
    is_under_min_ = is_under_min_ || leading->is_under_min_in_sync();
    is_isolated_ = is_isolated_ || leading->is_isolated(on.services()->world.now());
    waits_for_joiner_ = waits_for_joiner_ || waits_for_a_joiner(*leading);
    if (!now.serving) return;
    ++serving_[replica.name()];
    kafka::offset& highest = highest_start_[replica.name()];
    count_if(now.serving != before.serving && now.start < highest,
             mark::log_start_behind_after_election);
    highest = std::max(highest, now.start);
}

}  // namespace verdikt::tests
