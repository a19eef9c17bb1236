// How the leader's assignment reaches the members: written down first, told afterwards.
#include "broker/coordinator/group.h"
#include "runtime/check.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::coordinator {

using kafka::error_code;

error_code group::refuse_sync(const sync_event& event) const {
    if (state_ == group_state::dead) return error_code::coordinator_not_available;
    if (const error_code unknown = identify(event.who); unknown != error_code::none) return unknown;
    if (event.who.in != generation_) return error_code::illegal_generation;
    if (event.protocol_type && event.protocol_type != protocol_type_) {
        return error_code::inconsistent_group_protocol;
    }
    if (event.protocol_name && event.protocol_name != protocol_) {
        return error_code::inconsistent_group_protocol;
    }
    return state_ == group_state::preparing_rebalance ? error_code::rebalance_in_progress
                                                      : error_code::none;
}

void group::sync(sync_event event, effects& out) {
    if (const error_code refused = refuse_sync(event); refused != error_code::none) {
        out.push_back(answer_sync{event.from, {.error = refused}});
        return;
    }
    group_member& member = members_.at(event.who.member_id);
    synced(member, out);
    if (state_ == group_state::completing_rebalance) {
        sync_completing(member, std::move(event), out);
        return;
    }
    out.push_back(answer_sync{event.from, assignment_of(member)});
    alive(event.who, out);
}

void group::sync_completing(group_member& member, sync_event event, effects& out) {
    // The connection that asked before is given up by its client, or soon will be.
    if (member.waiting_sync) {
        answer(member, sync_reply{.error = error_code::rebalance_in_progress}, out);
    }
    member.waiting_sync = event.from;
    disarm_session(member, out);
    if (leader_ != member.id || assignment_staged_) return;
    assignment_staged_ = true;
    for (member_assignment& part : event.assignments) {
        const auto found = members_.find(part.member_id);
        if (found != members_.end()) found->second.assignment = std::move(part.assignment);
    }
    out.push_back(store_group{snapshot(), {stored_reason::what::assignment, generation_, {}}});
}

void group::synced(group_member& member, effects& out) {
    member.sync_due = false;
    const bool all =
        std::ranges::none_of(members_, [](const auto& entry) { return entry.second.sync_due; });
    if (all) disarm_sync_timer(out);
}

void group::stored(const stored_reason& why, error_code outcome, effects& out) {
    // What was written of an earlier generation has been overtaken, and is about to be overwritten.
    if (why.in != generation_) return;
    switch (why.kind) {
        case stored_reason::what::assignment:
            if (state_ == group_state::completing_rebalance && assignment_staged_) {
                assignment_stored(outcome, out);
            }
            return;
        case stored_reason::what::static_member:
            static_member_stored(why, outcome, out);
            return;
        // Nobody waits. If it failed, a restart finds the members of before, whose sessions end.
        case stored_reason::what::emptied:
            return;
    }
}

void group::assignment_stored(error_code outcome, effects& out) {
    if (outcome != error_code::none) {
        refuse_waiting_syncs(outcome, out);
        prepare_rebalance(out);
        return;
    }
    assignment_staged_ = false;
    state_ = group_state::stable;
    for (auto& [id, member] : members_) {
        if (!member.waiting_sync) continue;
        answer(member, assignment_of(member), out);
        arm_session(member, member.session_timeout, out);
    }
}

void group::static_member_stored(const stored_reason& why, error_code outcome, effects& out) {
    const auto found = members_.find(why.member_id);
    if (found == members_.end() || !found->second.reply_when_stored) return;
    // A rebalance that began meanwhile answers with its own generation.
    if (state_ != group_state::stable) return;
    group_member& member = found->second;
    join_reply reply = std::move(*member.reply_when_stored);
    // On failure the new process comes again without an id, and replaces this one in turn.
    if (outcome != error_code::none) reply = {.error = outcome};
    answer(member, std::move(reply), out);
    arm_session(member, member.session_timeout, out);
}

void group::refuse_waiting_syncs(error_code why, effects& out) {
    assignment_staged_ = false;
    for (auto& [id, member] : members_) {
        member.assignment.clear();
        if (!member.waiting_sync) continue;
        answer(member, sync_reply{.error = why}, out);
        if (!member.waiting()) arm_session(member, member.session_timeout, out);
    }
}

sync_reply group::assignment_of(const group_member& member) const {
    return {.protocol_type = protocol_type_,
            .protocol_name = protocol_,
            .assignment = member.assignment};
}

}  // namespace verdikt::broker::coordinator
