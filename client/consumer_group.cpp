#include "client/consumer_core.h"
#include "kafka/messages/heartbeat.h"
#include "kafka/messages/join_group.h"
#include "kafka/messages/leave_group.h"
#include "kafka/messages/sync_group.h"
#include "runtime/deadline.h"

#include <algorithm>

namespace verdikt::client {

namespace {

using namespace kafka::messages;
using request = group_membership::request;
using news = group_membership::news;

}  // namespace

std::optional<std::string> consumer_core::instance_id() const {
    return membership_.options().instance_id;
}

/// Tells the program what the group decided, and lets it give up what it must before a join.
runtime::awaitable<void> consumer_core::tell_news() {
    membership_.advance();
    while (membership_.next_news() != news::none) {
        const news what = membership_.next_news();
        const partition_set about = membership_.subject();
        if (what == news::revoked) {
            if (config_.enable_auto_commit) {
                offset_map offsets = where.to_commit();
                std::erase_if(offsets,
                              [&](const auto& each) { return !about.contains(each.first); });
                // One try: whoever comes next reads again what could not be committed.
                if (!offsets.empty()) {
                    co_await commit_once(std::move(offsets),
                                         world_.now() + config_.request_timeout_ms);
                }
            }
            if (listener_ != nullptr) co_await listener_->on_revoked(about);
        } else if (what == news::lost) {
            if (listener_ != nullptr) co_await listener_->on_lost(about);
        }
        // A member that was fenced while the program was told has other news by now.
        if (membership_.next_news() != what || membership_.subject() != about) continue;
        membership_.told();
        where.assign(membership_.owned());
        if (what == news::assigned && listener_ != nullptr) co_await listener_->on_assigned(about);
        membership_.advance();
    }
    membership_.check_invariants();
    // For the sender of group requests. It is no news to `poll`, which called this and would never
    // come to wait.
    changed_.notify_all();
}

/// Sends what the membership wants sent, one request at a time.
runtime::awaitable<void> consumer_core::serve_group() {
    for (;;) {
        const auto now = world_.now();
        const request what = membership_.next_request(now);
        if (what != request::none) {
            co_await send_group_request(what);
            wake();
            continue;
        }
        const auto next = membership_.next_change();
        if (next && *next > now) {
            co_await runtime::with_deadline(world_, *next, changed_.wait());
        } else {
            co_await changed_.wait();
        }
    }
}

runtime::awaitable<void> consumer_core::send_group_request(request what) {
    membership_.sending(what, world_.now());
    const auto found = co_await brokers.coordinator(
        coordinator_kind::group, config_.group_id, world_.now() + config_.request_timeout_ms);
    if (!found) {
        if (found.error().retriable()) {
            membership_.unanswered(what, world_.now() + brokers.retry_delay(1));
        } else {
            membership_.refused(what, found.error().code, {}, world_.now());
        }
        co_return;
    }
    std::optional<call_failure> lost;
    switch (what) {
        case request::join:
            lost = co_await join(*found);
            break;
        case request::sync:
            lost = co_await sync(*found);
            break;
        case request::heartbeat:
            lost = co_await heartbeat(*found);
            break;
        case request::leave:
            lost = co_await leave(*found);
            break;
        case request::none:
            CHECK(false, "nothing to send");
            break;
    }
    if (!lost) co_return;
    brokers.forget_coordinator(coordinator_kind::group, config_.group_id);
    membership_.unanswered(what, world_.now() + brokers.retry_delay(1));
}

void consumer_core::take_refusal(request what, kafka::error_code code, std::string member_id) {
    if (kafka::invalidates_coordinator(code)) {
        brokers.forget_coordinator(coordinator_kind::group, config_.group_id);
    }
    membership_.refused(what, code, std::move(member_id), world_.now());
}

runtime::awaitable<std::optional<call_failure>> consumer_core::join(kafka::node_id coordinator) {
    join_group_request asked;
    asked.group_id = config_.group_id;
    asked.session_timeout_ms = static_cast<std::int32_t>(config_.session_timeout_ms.count());
    asked.rebalance_timeout_ms = static_cast<std::int32_t>(config_.max_poll_interval_ms.count());
    asked.member_id = membership_.member_id();
    asked.group_instance_id = instance_id();
    asked.protocol_type = std::string(consumer_protocol_type);
    const auto metadata = write_subscription(membership_.wants());
    for (const std::string& name : config_.partition_assignment_strategy) {
        asked.protocols.push_back({.name = name, .metadata = metadata});
    }
    auto over = co_await brokers.connect_to(coordinator, world_.now() + config_.request_timeout_ms);
    if (!over) co_return over.error();
    // The coordinator answers once all members have come, which may take the whole rebalance time.
    const call_options options{
        .client_id = config_.client_id,
        .deadline = world_.now() + config_.max_poll_interval_ms + std::chrono::seconds(5)};
    auto answer = co_await call<join_group_response>(*over, std::move(asked), options);
    if (!answer) co_return answer.error();
    join_group_response& told = answer->message;
    const auto code = kafka::to_error_code(told.error_code);
    if (code != kafka::error_code::none) {
        take_refusal(request::join, code, told.member_id);
        // Otherwise it would be asked again at once.
        const bool wait = code != kafka::error_code::member_id_required;
        if (wait) co_await world_.sleep_for(brokers.retry_delay(1));
        co_return std::nullopt;
    }
    const bool leads = told.leader == told.member_id && !told.skip_assignment;
    members_.clear();
    for (const auto& each : told.members) {
        auto wants = read_subscription(each.metadata);
        members_.push_back({.id = each.member_id,
                            .instance_id = each.group_instance_id,
                            .wants = wants ? std::move(*wants) : subscription()});
    }
    membership_.joined(told.member_id, told.generation_id, leads, told.protocol_name.value_or(""));
    // A static leader that comes back does not divide (KIP-814). What its former process divided
    // may not be all there is by now, and nobody else watches that: so it asks for one rebalance.
    if (told.leader == told.member_id && told.skip_assignment) membership_.request_rejoin();
    co_return std::nullopt;
}

runtime::awaitable<partition_counts> consumer_core::count_partitions(std::set<std::string> topics) {
    // Topics that do not exist yet must not hold up the group for long.
    const auto deadline = world_.now() + std::chrono::seconds(2);
    partition_counts counts;
    for (const std::string& each : topics) {
        const auto known = co_await brokers.topic(each, deadline);
        if (known) counts[each] = static_cast<std::int32_t>(known->partitions.size());
    }
    co_return counts;
}

runtime::awaitable<std::optional<call_failure>> consumer_core::sync(kafka::node_id coordinator) {
    sync_group_request asked;
    asked.group_id = config_.group_id;
    asked.generation_id = membership_.generation();
    asked.member_id = membership_.member_id();
    asked.group_instance_id = instance_id();
    asked.protocol_type = std::string(consumer_protocol_type);
    asked.protocol_name = membership_.protocol();
    if (membership_.leads()) {
        std::set<std::string> topics;
        for (const assigned_member& each : members_) {
            topics.insert(each.wants.topics.begin(), each.wants.topics.end());
        }
        assigned_counts_ = co_await count_partitions(topics);
        assigned_topics_ = std::move(topics);
        const std::string name = is_assignor(membership_.protocol())
                                     ? membership_.protocol()
                                     : config_.partition_assignment_strategy.front();
        for (const auto& [member, partitions] : client::assign(name, members_, assigned_counts_)) {
            asked.assignments.push_back(
                {.member_id = member, .assignment = write_assignment(partitions)});
        }
    }
    auto answer = co_await brokers.call<sync_group_response>(
        coordinator, std::move(asked), world_.now() + config_.request_timeout_ms);
    if (!answer) co_return answer.error();
    const auto code = kafka::to_error_code(answer->message.error_code);
    if (code != kafka::error_code::none) {
        take_refusal(request::sync, code, {});
        co_await world_.sleep_for(brokers.retry_delay(1));
        co_return std::nullopt;
    }
    auto assigned = read_assignment(answer->message.assignment);
    if (!assigned) {
        note_error({.reason = errc::malformed_answer, .detail = "the assignment does not decode"});
        assigned.emplace();
    }
    for (const topic_partition& each : *assigned) brokers.want_topic(each.topic);
    membership_.synced(std::move(*assigned), world_.now());
    co_return std::nullopt;
}

runtime::awaitable<std::optional<call_failure>> consumer_core::heartbeat(
    kafka::node_id coordinator) {
    heartbeat_request asked;
    asked.group_id = config_.group_id;
    asked.generation_id = membership_.generation();
    asked.member_id = membership_.member_id();
    asked.group_instance_id = instance_id();
    auto answer = co_await brokers.call<heartbeat_response>(
        coordinator, std::move(asked), world_.now() + config_.request_timeout_ms);
    if (!answer) co_return answer.error();
    const auto code = kafka::to_error_code(answer->message.error_code);
    if (code == kafka::error_code::none) {
        membership_.heartbeat_answered(world_.now());
    } else {
        take_refusal(request::heartbeat, code, {});
    }
    co_return std::nullopt;
}

runtime::awaitable<std::optional<call_failure>> consumer_core::leave(kafka::node_id coordinator) {
    leave_group_request asked;
    asked.group_id = config_.group_id;
    const auto over =
        co_await brokers.connect_to(coordinator, world_.now() + config_.request_timeout_ms);
    if (!over) co_return over.error();
    // Version 3 names members in a list (KIP-345), before it was one.
    const auto version = (*over)->versions.choose(kafka::api_key::leave_group);
    if (version && *version >= 3) {
        asked.members.push_back(
            {.member_id = membership_.member_id(), .group_instance_id = instance_id()});
    } else {
        asked.member_id = membership_.member_id();
    }
    auto answer = co_await call<leave_group_response>(
        *over, std::move(asked), brokers.options_for(world_.now() + config_.request_timeout_ms));
    if (!answer) co_return answer.error();
    membership_.left();
    co_return std::nullopt;
}

/// The leader watches whether what it divided is still all there is.
void consumer_core::watch_partition_counts() {
    if (!subscribed_ || !membership_.leads()) return;
    for (const std::string& topic : assigned_topics_) {
        const topic_metadata* const known = brokers.metadata().find(topic);
        if (known == nullptr) continue;
        const auto assigned = assigned_counts_.find(topic);
        const auto count = static_cast<std::int32_t>(known->partitions.size());
        if (assigned != assigned_counts_.end() && assigned->second == count) continue;
        // Noted, so that one change asks for one rebalance.
        assigned_counts_[topic] = count;
        membership_.request_rejoin();
    }
}

}  // namespace verdikt::client
