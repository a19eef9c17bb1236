// How members come in: new ones, known ones, and static ones that come back.
#include "broker/coordinator/group.h"
#include "broker/coordinator/subscription.h"
#include "runtime/check.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::coordinator {

using kafka::error_code;

namespace {

answer_join refusal(const join_event& event, error_code why) {
    return {event.from, join_reply{.error = why, .member_id = event.member_id}};
}

/// Whether a member that was replaced by itself wants something else now. Only topics count for
/// consumers: the rest of their metadata is what they owned, which a new process cannot know.
bool subscription_changed(const std::string& protocol_type,
                          std::span<const std::byte> before,
                          std::span<const std::byte> after) {
    if (std::ranges::equal(before, after)) return false;
    if (protocol_type != consumer_protocol_type) return true;
    const auto topics_before = subscribed_topics(before);
    return !topics_before || topics_before != subscribed_topics(after);
}

}  // namespace

void group::join(join_event event, effects& out) {
    if (!has_room_for(event)) {
        turn_away(event, out);
        return;
    }
    if (const error_code refused = refuse_join(event); refused != error_code::none) {
        out.push_back(refusal(event, refused));
    } else if (event.member_id.empty()) {
        join_unknown(std::move(event), out);
    } else {
        join_known(std::move(event), out);
    }
}

bool group::has_room_for(const join_event& event) const {
    if (state_ == group_state::empty || state_ == group_state::dead) return true;
    const group_member* known = claimed_member(event);
    if (state_ != group_state::preparing_rebalance) {
        return known != nullptr || members_.size() < settings_.max_size;
    }
    // The first to come have the places; of the members of before only static ones keep theirs.
    const auto stays = [](const group_member& member) {
        return member.waiting_join || member.instance_id;
    };
    if (known != nullptr && stays(*known)) return true;
    const auto taken =
        std::ranges::count_if(members_, [&](const auto& entry) { return stays(entry.second); });
    return static_cast<std::size_t>(taken) < settings_.max_size;
}

const group_member* group::claimed_member(const join_event& event) const {
    const auto instance =
        event.instance_id ? static_members_.find(*event.instance_id) : static_members_.end();
    const auto found =
        members_.find(instance == static_members_.end() ? event.member_id : instance->second);
    return found == members_.end() ? nullptr : &found->second;
}

void group::turn_away(const join_event& event, effects& out) {
    out.push_back(answer_join{event.from, {.error = error_code::group_max_size_reached}});
    if (pending_.erase(event.member_id) != 0) {
        out.push_back(cancel_timer{{timer_kind::pending_member, event.member_id}});
        complete_join_if_all_here(out);
    } else if (identify({event.member_id, event.instance_id}) == error_code::none) {
        remove_member(event.member_id, out);
    }
}

error_code group::refuse_join(const join_event& event) const {
    if (state_ == group_state::dead) return error_code::coordinator_not_available;
    if (event.protocol_type.empty() || event.protocols.empty()) {
        return error_code::inconsistent_group_protocol;
    }
    if (members_.empty()) return error_code::none;
    if (event.protocol_type != protocol_type_) return error_code::inconsistent_group_protocol;
    const group_member* itself = claimed_member(event);
    const bool agrees = std::ranges::any_of(event.protocols, [&](const member_protocol& offered) {
        return std::ranges::all_of(members_, [&](const auto& entry) {
            return &entry.second == itself || entry.second.supports(offered.name);
        });
    });
    return agrees ? error_code::none : error_code::inconsistent_group_protocol;
}

void group::join_unknown(join_event event, effects& out) {
    if (event.instance_id && static_members_.contains(*event.instance_id)) {
        replace_static(std::move(event), out);
        return;
    }
    std::string id = event.fresh_member_id;
    if (event.instance_id || !event.member_id_required) {
        add_member(std::move(id), std::move(event), out);
        return;
    }
    pending_.insert(id);
    out.push_back(arm_timer{{timer_kind::pending_member, id}, event.session_timeout});
    out.push_back(
        answer_join{event.from, {.error = error_code::member_id_required, .member_id = id}});
}

void group::join_known(join_event event, effects& out) {
    if (!event.instance_id && pending_.erase(event.member_id) != 0) {
        out.push_back(cancel_timer{{timer_kind::pending_member, event.member_id}});
        std::string id = event.member_id;
        add_member(std::move(id), std::move(event), out);
        return;
    }
    const error_code unknown = identify({event.member_id, event.instance_id});
    if (unknown != error_code::none) {
        out.push_back(refusal(event, unknown));
        return;
    }
    group_member& member = members_.at(event.member_id);
    // Unchanged, it lost the answer of the join before, or is a follower of a stable group: it is
    // told again. A leader of a stable group that joins again wants a rebalance.
    const bool unchanged = member.protocols == event.protocols;
    const bool told_again = unchanged && (state_ == group_state::completing_rebalance ||
                                          (state_ == group_state::stable && leader_ != member.id));
    if (!told_again) {
        rejoin(member, std::move(event), out);
        return;
    }
    out.push_back(answer_join{event.from, reply_to(member)});
    if (!member.waiting()) arm_session(member, member.session_timeout, out);
}

void group::rejoin(group_member& member, join_event event, effects& out) {
    wait_for_join(member, event.from, out);
    take_over(member, std::move(event));
    rebalance(out);
}

void group::add_member(std::string member_id, join_event event, effects& out) {
    if (members_.empty()) protocol_type_ = event.protocol_type;
    if (initial_delay_running_) joined_during_delay_ = true;
    auto [entry, added] = members_.try_emplace(member_id);
    CHECK(added, "member {} is here already", member_id);
    group_member& member = entry->second;
    member.id = std::move(member_id);
    member.instance_id = event.instance_id;
    if (member.instance_id) static_members_.emplace(*member.instance_id, member.id);
    if (!leader_) leader_ = member.id;
    wait_for_join(member, event.from, out);
    take_over(member, std::move(event));
    rebalance(out);
}

void group::replace_static(join_event event, effects& out) {
    CHECK(event.instance_id.has_value());
    const bool may_skip_assignment = event.may_skip_assignment;
    const std::string old_id = static_members_.at(*event.instance_id);
    group_member& member = rename_static(event, out);
    const std::optional<std::string> old_leader = leader_;
    if (leader_ == old_id) leader_ = member.id;
    const std::vector<std::byte> before = state_ == group_state::stable
                                              ? *member.metadata_for(chosen_protocol())
                                              : std::vector<std::byte>{};
    wait_for_join(member, event.from, out);
    take_over(member, std::move(event));
    if (state_ != group_state::stable || choose_protocol() != protocol_ ||
        subscription_changed(protocol_type_, before, *member.metadata_for(chosen_protocol()))) {
        rebalance(out);
        return;
    }
    // Nothing changes but the id, so nobody else need notice. A leader that is told that it leads
    // would assign anew to a group that does not listen; before version 9 it is therefore told of a
    // leader that is not there, since then to leave the assignment alone (KIP-814).
    join_reply reply = reply_to(member);
    reply.skip_assignment = may_skip_assignment && leader_ == member.id;
    if (!reply.skip_assignment) {
        reply.leader = old_leader.value_or("");
        reply.members.clear();
    }
    member.reply_when_stored = std::move(reply);
    out.push_back(
        store_group{snapshot(), {stored_reason::what::static_member, generation_, member.id}});
}

group_member& group::rename_static(const join_event& event, effects& out) {
    CHECK(event.instance_id.has_value());
    const auto instance = static_members_.find(*event.instance_id);
    auto node = members_.extract(instance->second);
    CHECK(!node.empty());
    group_member& old = node.mapped();
    if (old.waiting_join) {
        answer(old, join_reply{.error = error_code::fenced_instance_id, .member_id = old.id}, out);
    }
    if (old.waiting_sync) answer(old, sync_reply{.error = error_code::fenced_instance_id}, out);
    disarm_session(old, out);
    instance->second = event.fresh_member_id;
    node.key() = event.fresh_member_id;
    old.id = event.fresh_member_id;
    return members_.insert(std::move(node)).position->second;
}

void group::wait_for_join(group_member& member, ticket from, effects& out) {
    // The connection that asked before is given up by its client, or soon will be.
    if (member.waiting_join) {
        answer(member,
               join_reply{.error = error_code::rebalance_in_progress, .member_id = member.id},
               out);
    }
    member.waiting_join = from;
    if (member.is_new) {
        arm_session(member, settings_.new_member_timeout, out);
    } else {
        disarm_session(member, out);
    }
}

void group::take_over(group_member& member, join_event event) {
    member.client_id = std::move(event.client_id);
    member.client_host = std::move(event.client_host);
    member.session_timeout = event.session_timeout;
    member.rebalance_timeout = event.rebalance_timeout;
    member.protocols = std::move(event.protocols);
}

join_reply group::reply_to(const group_member& member) const {
    return {.in = generation_,
            .protocol_type = protocol_type_,
            .protocol_name = protocol_,
            .leader = leader_.value_or(""),
            .member_id = member.id,
            .members = leader_ == member.id ? members_for_leader() : std::vector<joined_member>{}};
}

std::vector<joined_member> group::members_for_leader() const {
    std::vector<joined_member> listed;
    listed.reserve(members_.size());
    for (const auto& [id, member] : members_) {
        listed.push_back({id, member.instance_id, *member.metadata_for(chosen_protocol())});
    }
    return listed;
}

}  // namespace verdikt::broker::coordinator
