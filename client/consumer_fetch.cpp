#include "client/consumer_core.h"
#include "client/list_offsets.h"
#include "client/validate_positions.h"
#include "runtime/deadline.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace verdikt::client {

using kafka::messages::fetch_request;
using kafka::messages::fetch_response;

void consumer_core::begin_background_work() {
    follow_leaders();
    start_fetches();
    const bool settled = where.in_state(position_state::uncommitted).empty() &&
                         where.in_state(position_state::resetting).empty() &&
                         where.in_state(position_state::validating).empty();
    if (settled || std::exchange(finding_positions_, true)) return;
    running_.spawn(find_positions());
}

void consumer_core::follow_leaders() {
    for (const topic_partition& each : where.in_state(position_state::fetching)) {
        const auto led = brokers.metadata().leader_of(each);
        if (led) where.led_by(each, led->epoch, true);
    }
}

// Positions.

runtime::awaitable<void> consumer_core::find_positions() {
    co_await find_committed();
    co_await find_resets();
    co_await validate();
    finding_positions_ = false;
    wake();
}

namespace {

using turns = std::map<topic_partition, partition_position>;

turns snapshot(const positions& all, position_state state) {
    turns asked;
    for (const topic_partition& each : all.in_state(state)) asked[each] = *all.find(each);
    return asked;
}

std::set<topic_partition> keys_of(const turns& asked) {
    std::set<topic_partition> keys;
    for (const auto& [which, position] : asked) keys.insert(which);
    return keys;
}

}  // namespace

runtime::awaitable<void> consumer_core::find_committed() {
    const turns asked = snapshot(where, position_state::uncommitted);
    if (asked.empty()) co_return;
    const auto found = co_await committed(keys_of(asked), api_deadline());
    if (!found) {
        note_error(found.error());
        co_await world_.sleep_for(brokers.retry_delay(1));
        co_return;
    }
    for (const auto& [which, position] : asked) {
        const auto offset = found->find(which);
        where.committed(which,
                        position.turn,
                        offset == found->end() ? std::nullopt : std::optional(offset->second));
    }
}

runtime::awaitable<void> consumer_core::find_resets() {
    const turns asked = snapshot(where, position_state::resetting);
    if (asked.empty()) co_return;
    std::map<topic_partition, std::int64_t> timestamps;
    for (const auto& [which, position] : asked) timestamps[which] = position.reset_timestamp;
    const auto found = co_await list_offsets(brokers,
                                             std::move(timestamps),
                                             read_committed(),
                                             world_.now() + config_.request_timeout_ms);
    for (const auto& [which, offset] : found) {
        if (!offset) {
            if (!offset.error().retriable()) note_error(offset.error());
            continue;
        }
        where.reset(
            which, asked.at(which).turn, {.offset = offset->offset, .epoch = offset->epoch});
    }
}

runtime::awaitable<void> consumer_core::validate() {
    const turns asked = snapshot(where, position_state::validating);
    if (asked.empty()) co_return;
    const auto found =
        co_await find_epoch_ends(brokers, asked, world_.now() + config_.request_timeout_ms);
    for (const auto& [which, end] : found) {
        if (!end && !end.error().retriable() && end.error().reason != errc::unsupported_version) {
            note_error(end.error());
        }
        // A broker that cannot be asked cannot tell either; Kafka's consumer goes on as well.
        const bool unanswerable = !end && end.error().reason == errc::unsupported_version;
        if (!end && !unanswerable) continue;
        const auto trusted =
            fetch_position{.offset = kafka::offset(std::numeric_limits<std::int64_t>::max())};
        const auto led = brokers.metadata().leader_of(which);
        const auto leader = led ? led->epoch : kafka::no_leader_epoch;
        if (!where.validated(which, asked.at(which).turn, leader, end ? *end : trusted)) {
            note_error({.reason = errc::log_truncated, .detail = fmt::format("{}", which)});
        }
    }
}

// Records.

bool consumer_core::is_buffered(const topic_partition& which) const {
    return std::ranges::any_of(
        buffered_, [&](const fetched_partition& each) { return each.where() == which; });
}

/// One request to each leader that has something to fetch and is not being asked.
void consumer_core::start_fetches() {
    std::map<kafka::node_id, turns> wanted;
    bool leader_missing = false;
    for (const auto& [which, position] : where.all()) {
        if (position.state != position_state::fetching || position.paused || is_buffered(which)) {
            continue;
        }
        const auto led = brokers.metadata().leader_of(which);
        leader_missing |= !led.has_value();
        if (led) wanted[led->leader][which] = position;
    }
    if (leader_missing) brokers.request_metadata();
    for (auto& [node, asked] : wanted) {
        if (fetching_.contains(node) || world_.now() < fetch_not_before_[node]) continue;
        fetch_request request;
        request.max_wait_ms = static_cast<std::int32_t>(config_.fetch_max_wait_ms.count());
        request.min_bytes = static_cast<std::int32_t>(config_.fetch_min_bytes);
        request.max_bytes = static_cast<std::int32_t>(config_.fetch_max_bytes);
        request.isolation_level = read_committed() ? 1 : 0;
        request.rack_id = config_.client_rack;
        for (const auto& [which, position] : asked) {
            if (request.topics.empty() || request.topics.back().topic != which.topic) {
                request.topics.emplace_back().topic = which.topic;
            }
            auto& partition = request.topics.back().partitions.emplace_back();
            partition.partition = which.partition.value();
            partition.current_leader_epoch = position.leader.value();
            partition.fetch_offset = position.at.offset.value();
            partition.partition_max_bytes =
                static_cast<std::int32_t>(config_.max_partition_fetch_bytes);
        }
        fetching_.insert(node);
        running_.spawn(fetch(node, std::move(request), std::move(asked)));
    }
}

runtime::awaitable<void> consumer_core::fetch(kafka::node_id node,
                                              fetch_request request,
                                              turns asked) {
    // The rack came with version 11 (KIP-392) and is left out before.
    const auto deadline = world_.now() + config_.fetch_max_wait_ms + config_.request_timeout_ms;
    auto over = co_await brokers.connect_to(node, deadline);
    call_result<fetch_response> answer = std::unexpected(call_failure());
    if (over) {
        const call_options options{.client_id = config_.client_id, .deadline = deadline};
        answer = co_await call<fetch_response>(*over, std::move(request), options);
    } else {
        answer = std::unexpected(over.error());
    }
    fetching_.erase(node);
    fetch_not_before_[node] = {};
    const auto code =
        answer ? kafka::to_error_code(answer->message.error_code) : kafka::error_code::none;
    if (!answer || code != kafka::error_code::none) {
        const error fault = answer ? refused(code) : answer.error().why;
        if (!fault.retriable()) note_error(fault);
        brokers.request_metadata();
        const auto again = world_.now() + brokers.retry_delay(1);
        fetch_not_before_[node] = again;
        co_await world_.sleep_until(again);
        wake();
        co_return;
    }
    bool backoff = false;
    for (const auto& topic : answer->message.responses) {
        for (const auto& each : topic.partitions) {
            const topic_partition which{.topic = topic.topic,
                                        .partition = kafka::partition_index(each.partition_index)};
            const auto found = asked.find(which);
            if (found == asked.end()) continue;
            take_partition(which, found->second, each, answer->bytes);
            backoff |= each.error_code != 0;
        }
    }
    wake();
    if (!backoff) co_return;
    const auto again = world_.now() + brokers.retry_delay(1);
    fetch_not_before_[node] = again;
    co_await world_.sleep_until(again);
    wake();
}

void consumer_core::take_partition(const topic_partition& which,
                                   const partition_position& asked,
                                   const fetch_response::partition_data& data,
                                   const answer_bytes& answer) {
    using kafka::error_code;
    const partition_position* const now = where.find(which);
    // The program has moved on meanwhile.
    if (now == nullptr || now->turn != asked.turn || now->at.offset != asked.at.offset) return;
    // Another leader, asked when this one was slow, has answered the same.
    if (is_buffered(which)) return;
    const auto code = kafka::to_error_code(data.error_code);
    switch (code) {
        case error_code::none:
            break;
        case error_code::offset_out_of_range:
            where.out_of_range(which, asked.turn);
            return;
        case error_code::fenced_leader_epoch:
        case error_code::unknown_leader_epoch:
            brokers.request_metadata();
            return;
        default:
            if (kafka::retriable(code)) {
                brokers.request_metadata();
            } else {
                note_error(refused(code, fmt::format("fetching {}", which)));
            }
            return;
    }
    if (!data.records || data.records->size() == 0) return;
    buffered_.emplace_back(
        which,
        asked.turn,
        asked.at.offset,
        data,
        answer,
        fetch_rules{.read_committed = read_committed(), .check_crcs = config_.check_crcs});
}

}  // namespace verdikt::client
