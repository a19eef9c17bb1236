#include "broker/coordinator/group.h"

#include "broker/coordinator/subscription.h"
#include "runtime/check.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::coordinator {

using kafka::error_code;

std::string_view name(group_state state) {
    switch (state) {
        case group_state::empty:
            return "Empty";
        case group_state::preparing_rebalance:
            return "PreparingRebalance";
        case group_state::completing_rebalance:
            return "CompletingRebalance";
        case group_state::stable:
            return "Stable";
        case group_state::dead:
            return "Dead";
    }
    CHECK(false, "a group state of value {}", static_cast<int>(state));
    return {};
}

group group::restore(group_settings settings, const stored_group& state, effects& out) {
    group restored(settings);
    restored.protocol_type_ = state.protocol_type;
    restored.generation_ = state.in;
    if (state.members.empty() || !state.protocol) return restored;
    restored.state_ = group_state::stable;
    restored.protocol_ = state.protocol;
    for (const stored_member& from : state.members) {
        group_member& member = restored.members_[from.member_id];
        member = {.id = from.member_id,
                  .instance_id = from.instance_id,
                  .client_id = from.client_id,
                  .client_host = from.client_host,
                  .session_timeout = from.session_timeout,
                  .rebalance_timeout = from.rebalance_timeout,
                  .protocols = {{*state.protocol, from.subscription}},
                  .assignment = from.assignment,
                  .is_new = false};
        if (from.instance_id) restored.static_members_[*from.instance_id] = from.member_id;
        restored.arm_session(member, member.session_timeout, out);
    }
    restored.leader_ = state.leader && restored.members_.contains(*state.leader)
                           ? *state.leader
                           : restored.members_.begin()->first;
    return restored;
}

const std::string& group::chosen_protocol() const {
    CHECK(protocol_.has_value(), "no protocol is chosen");
    return *protocol_;
}

stored_group group::snapshot() const {
    stored_group state{.protocol_type = protocol_type_,
                       .in = generation_,
                       .protocol = protocol_,
                       .leader = leader_};
    for (const auto& [id, member] : members_) {
        state.members.push_back({.member_id = id,
                                 .instance_id = member.instance_id,
                                 .client_id = member.client_id,
                                 .client_host = member.client_host,
                                 .rebalance_timeout = member.rebalance_timeout,
                                 .session_timeout = member.session_timeout,
                                 .subscription = *member.metadata_for(chosen_protocol()),
                                 .assignment = member.assignment});
    }
    return state;
}

error_code group::begin_deletion() {
    if (state_ == group_state::dead) return error_code::group_id_not_found;
    if (state_ != group_state::empty) return error_code::non_empty_group;
    state_ = group_state::dead;
    pending_.clear();
    return error_code::none;
}

void group::undo_deletion() {
    CHECK(state_ == group_state::dead);
    state_ = group_state::empty;
}

void group::abandon(error_code reason, effects& out) {
    for (auto& [id, member] : members_) {
        if (member.waiting_join) {
            answer(member, join_reply{.error = reason, .member_id = member.id}, out);
        }
        if (member.waiting_sync) answer(member, sync_reply{.error = reason}, out);
    }
    *this = group(settings_);
    state_ = group_state::dead;
}

bool group::subscribes_to(std::string_view topic) const {
    if (members_.empty()) return false;
    if (protocol_type_ != consumer_protocol_type) return true;
    return std::ranges::any_of(members_, [&](const auto& entry) {
        return std::ranges::any_of(entry.second.protocols, [&](const member_protocol& spoken) {
            const auto topics = subscribed_topics(spoken.metadata);
            return !topics || std::ranges::find(*topics, topic) != topics->end();
        });
    });
}

void group::check_invariants() const {
    const bool without_members = state_ == group_state::empty || state_ == group_state::dead;
    CHECK(!without_members || members_.empty(), "members in state {}", name(state_));
    CHECK(leader_.has_value() == !members_.empty());
    CHECK(!leader_ || members_.contains(*leader_), "the leader {} is no member", *leader_);
    CHECK(members_.empty() || !common_protocols().empty(), "no common protocol");
    const bool chosen =
        state_ == group_state::completing_rebalance || state_ == group_state::stable;
    CHECK(!chosen || protocol_.has_value());
    CHECK(rebalance_timer_armed_ == (state_ == group_state::preparing_rebalance));
    CHECK(!initial_delay_running_ || state_ == group_state::preparing_rebalance);
    CHECK(!assignment_staged_ || state_ == group_state::completing_rebalance);
    std::size_t instances = 0;
    bool sync_due = false;
    for (const auto& [id, member] : members_) {
        check_member(id, member);
        if (member.instance_id) ++instances;
        sync_due = sync_due || member.sync_due;
    }
    CHECK(instances == static_members_.size());
    CHECK(sync_due == sync_timer_armed_, "sync timer {}", sync_timer_armed_);
}

void group::check_member(const std::string& id, const group_member& member) const {
    CHECK(member.id == id);
    CHECK(!pending_.contains(id), "{} is member and about to be", id);
    CHECK(member.waiting() || member.session_armed, "{} could stay for ever", id);
    CHECK(!member.waiting_join || state_ == group_state::preparing_rebalance ||
              (state_ == group_state::stable && member.reply_when_stored),
          "{} waits for a join in state {}",
          id,
          name(state_));
    CHECK(!member.waiting_sync || state_ == group_state::completing_rebalance,
          "{} waits for a sync in state {}",
          id,
          name(state_));
    CHECK(!member.waiting_sync || !member.sync_due);
    if (!member.instance_id) return;
    const auto instance = static_members_.find(*member.instance_id);
    CHECK(instance != static_members_.end() && instance->second == id);
}

}  // namespace verdikt::broker::coordinator
