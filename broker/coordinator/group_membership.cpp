// Who is a member, and for how long: identity, signs of life, leaving, expiry.
#include "broker/coordinator/group.h"
#include "runtime/check.h"

#include <utility>

namespace verdikt::broker::coordinator {

using kafka::error_code;

error_code group::identify(const member_identity& who) const {
    if (who.instance_id) {
        const auto known = static_members_.find(*who.instance_id);
        if (known == static_members_.end()) return error_code::unknown_member_id;
        // Another process took the instance over: this one must stop (KIP-345).
        if (known->second != who.member_id) return error_code::fenced_instance_id;
        return error_code::none;
    }
    return members_.contains(who.member_id) ? error_code::none : error_code::unknown_member_id;
}

error_code group::heartbeat(const member_identity& who, effects& out) {
    if (state_ == group_state::dead) return error_code::coordinator_not_available;
    if (const error_code unknown = identify(who); unknown != error_code::none) return unknown;
    if (who.in != generation_) return error_code::illegal_generation;
    alive(who, out);
    return state_ == group_state::preparing_rebalance ? error_code::rebalance_in_progress
                                                      : error_code::none;
}

error_code group::leave(const member_identity& who, effects& out) {
    if (state_ == group_state::dead) return error_code::coordinator_not_available;
    if (!who.instance_id && pending_.erase(who.member_id) != 0) {
        out.push_back(cancel_timer{{timer_kind::pending_member, who.member_id}});
        complete_join_if_all_here(out);
        return error_code::none;
    }
    if (who.member_id.empty() && who.instance_id) {
        const auto known = static_members_.find(*who.instance_id);
        if (known == static_members_.end()) return error_code::unknown_member_id;
        remove_member(std::string(known->second), out);
        return error_code::none;
    }
    if (const error_code unknown = identify(who); unknown != error_code::none) return unknown;
    remove_member(who.member_id, out);
    return error_code::none;
}

error_code group::admit_commit(const member_identity& who, effects& out) {
    if (state_ == group_state::dead) return error_code::coordinator_not_available;
    // Consumers that assign partitions to themselves, and administrators.
    if (who.in < generation(0) && state_ == group_state::empty) return error_code::none;
    const bool claims_membership =
        who.in >= generation(0) || !who.member_id.empty() || who.instance_id.has_value();
    if (!claims_membership) return error_code::unknown_member_id;
    if (const error_code unknown = identify(who); unknown != error_code::none) return unknown;
    if (who.in != generation_) return error_code::illegal_generation;
    // It may already have lost the partition that it commits for.
    if (state_ == group_state::completing_rebalance) return error_code::rebalance_in_progress;
    alive(who, out);
    return error_code::none;
}

error_code group::admit_transactional_commit(const member_identity& who) const {
    if (state_ == group_state::dead) return error_code::coordinator_not_available;
    const bool claims_membership =
        who.in >= generation(0) || !who.member_id.empty() || who.instance_id.has_value();
    // Older producers do not name a member; the transactional id alone fences them.
    if (!claims_membership) return error_code::none;
    if (who.in < generation(0) && state_ == group_state::empty) return error_code::none;
    if (const error_code unknown = identify(who); unknown != error_code::none) return unknown;
    return who.in == generation_ ? error_code::none : error_code::illegal_generation;
}

void group::timer_fired(const timer_name& which, effects& out) {
    switch (which.kind) {
        case timer_kind::session: {
            const auto found = members_.find(which.member_id);
            CHECK(found != members_.end() && found->second.session_armed,
                  "session of {}",
                  which.member_id);
            found->second.session_armed = false;
            remove_member(which.member_id, out);
            return;
        }
        case timer_kind::pending_member:
            CHECK(pending_.erase(which.member_id) == 1, "pending {}", which.member_id);
            complete_join_if_all_here(out);
            return;
        case timer_kind::rebalance:
            CHECK(rebalance_timer_armed_ && state_ == group_state::preparing_rebalance);
            rebalance_timer_armed_ = false;
            if (initial_delay_running_) {
                extend_initial_delay_or_complete(out);
            } else {
                complete_join(out);
            }
            return;
        case timer_kind::sync:
            CHECK(sync_timer_armed_);
            sync_timer_armed_ = false;
            expire_syncs(out);
            return;
    }
}

void group::remove_member(const std::string& member_id, effects& out) {
    forget_member(member_id, out);
    switch (state_) {
        case group_state::stable:
        case group_state::completing_rebalance:
            prepare_rebalance(out);
            return;
        case group_state::preparing_rebalance:
            complete_join_if_all_here(out);
            return;
        case group_state::empty:
        case group_state::dead:
            return;
    }
}

void group::forget_member(const std::string& member_id, effects& out) {
    const auto found = members_.find(member_id);
    CHECK(found != members_.end(), "member {}", member_id);
    group_member& member = found->second;
    if (member.waiting_join) {
        answer(member,
               join_reply{.error = error_code::unknown_member_id, .member_id = member.id},
               out);
    }
    if (member.waiting_sync) {
        answer(member, sync_reply{.error = error_code::unknown_member_id}, out);
    }
    disarm_session(member, out);
    if (member.instance_id) static_members_.erase(*member.instance_id);
    const bool was_leader = leader_ == member.id;
    members_.erase(found);
    if (!was_leader) return;
    leader_.reset();
    if (!members_.empty()) leader_ = members_.begin()->first;
}

void group::arm_session(group_member& member, milliseconds after, effects& out) {
    member.session_armed = true;
    out.push_back(arm_timer{{timer_kind::session, member.id}, after});
}

void group::disarm_session(group_member& member, effects& out) {
    if (!std::exchange(member.session_armed, false)) return;
    out.push_back(cancel_timer{{timer_kind::session, member.id}});
}

void group::alive(const member_identity& who, effects& out) {
    group_member& member = members_.at(who.member_id);
    if (!member.waiting()) arm_session(member, member.session_timeout, out);
}

void group::answer(group_member& member, join_reply reply, effects& out) {
    member.reply_when_stored.reset();
    out.push_back(answer_join{*std::exchange(member.waiting_join, std::nullopt), std::move(reply)});
}

void group::answer(group_member& member, sync_reply reply, effects& out) {
    out.push_back(answer_sync{*std::exchange(member.waiting_sync, std::nullopt), std::move(reply)});
}

}  // namespace verdikt::broker::coordinator
