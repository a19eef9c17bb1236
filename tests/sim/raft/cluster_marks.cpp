#include "tests/sim/raft/cluster.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::broker::raft {

cluster::before_step cluster::look(const replica& core) {
    return {.role = core.role(),
            .epoch = core.epoch(),
            .high_watermark = core.high_watermark(),
            .voters_at = core.log().voters_at(),
            .last_epoch = core.log().last_epoch()};
}

/// Judges one step by what it changed, and counts the rare ones.
void cluster::observe(node_id which, const before_step& before, const effects& out) {
    const node& on = nodes_.at(which);
    const replica& core = *on.core;
    judge_.moves_high_watermark(which, before.high_watermark, core.high_watermark());
    if (core.role() != before.role || core.epoch() != before.epoch) {
        note(fmt::format("node {} is {} in epoch {}", which, name(core.role()), core.epoch()));
        observe_role(core, before);
    }
    if (core.role() == role::leader && core.high_watermark() > before.high_watermark)
        observe_commit(core, before);
    const bool is_completion = std::ranges::any_of(
        out, [](const effect& each) { return std::holds_alternative<send>(each); });
    if (persisting_ && is_completion) marks_.reach(mark::message_held_back_for_a_vote);
    for (const effect& each : out) observe_effect(which, each, before);
}

void cluster::observe_role(const replica& core, const before_step& before) {
    const bool led = before.role == role::leader;
    if (core.role() == role::leader) {
        marks_.reach(mark::leader_elected);
        if (handed_over_in_ == before.epoch.previous())
            marks_.reach(mark::successor_elected_at_once);
    }
    if (led && core.role() == role::resigned && firing_ == timer::check_quorum)
        marks_.reach(mark::leader_stepped_down_by_check_quorum);
    if (led && core.role() == role::resigned && !core.is_voter())
        marks_.reach(mark::voter_removed_while_leader);
    if (led && core.epoch() > before.epoch) marks_.reach(mark::leader_deposed_by_a_later_epoch);
    if (before.role == role::prospective && core.role() == role::unattached &&
        core.epoch() == before.epoch)
        marks_.reach(mark::pre_vote_round_lost);
}

void cluster::observe_commit(const replica& core, const before_step& before) {
    std::map<node_id, const toy_log*> disks;
    for (const auto& [id, each] : nodes_) disks.emplace(id, &each.disk->durable());
    const offset end = core.high_watermark();
    judge_.commits_as_leader({core.log().epoch_before(end), end}, core.log().voters(), disks);
    const offset first = before.high_watermark.next();
    if (core.log().epoch_before(first) < core.epoch())
        marks_.reach(mark::earlier_epoch_committed_by_a_later_one);
}

void cluster::observe_effect(node_id which, const effect& each, const before_step& before) {
    const replica& core = *nodes_.at(which).core;
    if (const auto* cut = std::get_if<truncate_log>(&each)) {
        note(fmt::format("node {} cuts its log to {}", which, cut->to));
        marks_.reach(mark::follower_truncated);
        const auto& batches = nodes_.at(which).disk->written().batches;
        const auto first = std::ranges::lower_bound(batches, cut->to, {}, &batch::base);
        if (first != batches.end() && first->epoch < before.last_epoch)
            marks_.reach(mark::truncated_across_two_epochs);
        if (core.log().voters_at() < before.voters_at)
            marks_.reach(mark::voters_reverted_by_truncation);
        if (first != batches.end() && value_of(*first) > 1000)
            marks_.reach(mark::record_lost_with_its_leader);
    } else if (const auto* done = std::get_if<voter_change_done>(&each)) {
        const auto change = changes_.find(done->to);
        if (done->error == kafka::error_code::none)
            marks_.reach(change->second ? mark::voter_added : mark::voter_removed);
        if (done->error == kafka::error_code::request_timed_out && firing_ == timer::voter_change)
            marks_.reach(mark::voter_change_timed_out);
        changes_.erase(change);
    }
}

}  // namespace verdikt::broker::raft
