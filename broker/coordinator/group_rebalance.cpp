// From one generation to the next: gathering the members, choosing a protocol and a leader.
#include "broker/coordinator/group.h"
#include "runtime/check.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::coordinator {

using kafka::error_code;

void group::rebalance(effects& out) {
    if (state_ == group_state::preparing_rebalance) {
        complete_join_if_all_here(out);
    } else {
        prepare_rebalance(out);
    }
}

void group::prepare_rebalance(effects& out) {
    if (state_ == group_state::completing_rebalance) {
        refuse_waiting_syncs(error_code::rebalance_in_progress, out);
    }
    for (auto& [id, member] : members_) member.sync_due = false;
    disarm_sync_timer(out);
    const bool initial =
        std::exchange(state_, group_state::preparing_rebalance) == group_state::empty;
    if (!initial) {
        complete_join_if_all_here(out);
        const bool waits = state_ == group_state::preparing_rebalance && !rebalance_timer_armed_;
        if (waits) arm_rebalance_timer(rebalance_timeout(), out);
        return;
    }
    // Consumers of a new group tend to start together; waiting for the stragglers spares the first
    // ones a rebalance (KIP-134).
    if (settings_.initial_delay <= milliseconds(0)) {
        complete_join(out);
        return;
    }
    initial_delay_running_ = true;
    joined_during_delay_ = false;
    delay_left_ = std::max(rebalance_timeout() - settings_.initial_delay, milliseconds(0));
    arm_rebalance_timer(settings_.initial_delay, out);
}

void group::extend_initial_delay_or_complete(effects& out) {
    if (std::exchange(joined_during_delay_, false) && delay_left_ > milliseconds(0)) {
        const milliseconds next = std::min(settings_.initial_delay, delay_left_);
        delay_left_ -= next;
        arm_rebalance_timer(next, out);
        return;
    }
    initial_delay_running_ = false;
    complete_join(out);
}

void group::complete_join_if_all_here(effects& out) {
    if (state_ != group_state::preparing_rebalance || initial_delay_running_) return;
    if (!pending_.empty()) return;
    const bool all_here = std::ranges::all_of(
        members_, [](const auto& entry) { return entry.second.waiting_join.has_value(); });
    if (all_here) complete_join(out);
}

void group::complete_join(effects& out) {
    disarm_rebalance_timer(out);
    drop_members_not_here(out);
    if (!members_.empty() && !elect_leader_among_joined()) {
        // Only static members are left and none of them came: their sessions decide.
        arm_rebalance_timer(rebalance_timeout(), out);
        return;
    }
    generation_ = generation_.next();
    if (members_.empty()) {
        become_empty(out);
    } else {
        start_generation(out);
    }
}

void group::drop_members_not_here(effects& out) {
    std::vector<std::string> gone;
    for (const auto& [id, member] : members_) {
        // A static member keeps its place until its session ends.
        if (!member.waiting_join && !member.instance_id) gone.push_back(id);
    }
    for (const std::string& id : gone) forget_member(id, out);
}

bool group::elect_leader_among_joined() {
    if (members_.at(*leader_).waiting_join) return true;
    const auto joined = std::ranges::find_if(
        members_, [](const auto& entry) { return entry.second.waiting_join.has_value(); });
    if (joined == members_.end()) return false;
    leader_ = joined->first;
    return true;
}

void group::start_generation(effects& out) {
    protocol_ = choose_protocol();
    state_ = group_state::completing_rebalance;
    for (auto& [id, member] : members_) {
        member.is_new = false;
        member.sync_due = true;
        member.assignment.clear();
        if (!member.waiting_join) continue;
        answer(member, reply_to(member), out);
        arm_session(member, member.session_timeout, out);
    }
    sync_timer_armed_ = true;
    out.push_back(arm_timer{{timer_kind::sync, {}}, rebalance_timeout()});
}

void group::become_empty(effects& out) {
    state_ = group_state::empty;
    protocol_.reset();
    out.push_back(store_group{snapshot(), {stored_reason::what::emptied, generation_, {}}});
}

void group::expire_syncs(effects& out) {
    std::vector<std::string> late;
    for (const auto& [id, member] : members_) {
        if (member.sync_due) late.push_back(id);
    }
    CHECK(!late.empty(), "the sync timer ran although all had synced");
    for (const std::string& id : late) forget_member(id, out);
    prepare_rebalance(out);
}

std::vector<std::string> group::common_protocols() const {
    std::vector<std::string> common;
    if (members_.empty()) return common;
    for (const member_protocol& offered : members_.begin()->second.protocols) {
        const bool known_to_all = std::ranges::all_of(
            members_, [&](const auto& entry) { return entry.second.supports(offered.name); });
        if (known_to_all) common.push_back(offered.name);
    }
    return common;
}

std::string group::choose_protocol() const {
    std::map<std::string, std::size_t> votes;
    for (const std::string& candidate : common_protocols()) votes.emplace(candidate, 0);
    CHECK(!votes.empty(), "members without a common protocol");
    for (const auto& [id, member] : members_) {
        const auto favourite = std::ranges::find_if(
            member.protocols, [&](const auto& offered) { return votes.contains(offered.name); });
        ++votes.at(favourite->name);
    }
    return std::ranges::max_element(votes, {}, [](const auto& entry) { return entry.second; })
        ->first;
}

milliseconds group::rebalance_timeout() const {
    milliseconds longest{};
    for (const auto& [id, member] : members_) longest = std::max(longest, member.rebalance_timeout);
    return longest;
}

void group::arm_rebalance_timer(milliseconds after, effects& out) {
    rebalance_timer_armed_ = true;
    out.push_back(arm_timer{{timer_kind::rebalance, {}}, after});
}

void group::disarm_rebalance_timer(effects& out) {
    if (!std::exchange(rebalance_timer_armed_, false)) return;
    out.push_back(cancel_timer{{timer_kind::rebalance, {}}});
}

void group::disarm_sync_timer(effects& out) {
    if (!std::exchange(sync_timer_armed_, false)) return;
    out.push_back(cancel_timer{{timer_kind::sync, {}}});
}

}  // namespace verdikt::broker::coordinator
