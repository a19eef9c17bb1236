#include "client/consumer_core.h"

namespace verdikt::client {

using kafka::messages::offset_commit_response;
using kafka::messages::offset_fetch_response;

void consumer_core::commit_if_due() {
    if (!config_.enable_auto_commit || world_.now() < next_auto_commit_) return;
    next_auto_commit_ = world_.now() + config_.auto_commit_interval_ms;
    offset_map offsets = where.to_commit();
    if (!offsets.empty()) running_.spawn(commit_in_background(std::move(offsets)));
}

runtime::awaitable<void> consumer_core::commit_in_background(offset_map offsets) {
    const auto done =
        co_await commit_once(std::move(offsets), world_.now() + config_.request_timeout_ms);
    if (!done) {
        world_.log().write(runtime::log_level::warning,
                           "offsets_not_committed",
                           {{"group", config_.group_id}, {"error", done.error().message()}});
    }
}

runtime::awaitable<result<void>> consumer_core::commit_once(offset_map offsets,
                                                            runtime::instant deadline) {
    const auto node =
        co_await brokers.coordinator(coordinator_kind::group, config_.group_id, deadline);
    if (!node) co_return std::unexpected(node.error());
    const bool member = subscribed_ && membership_.generation() >= 0;
    // One that was a member and is not any more must not commit as nobody.
    if (subscribed_ && !member) co_return failure(kafka::error_code::unknown_member_id);
    const group_standing who{.group_id = config_.group_id,
                             .member_id = member ? membership_.member_id() : std::string(),
                             .generation = member ? membership_.generation() : -1,
                             .instance_id = member ? instance_id() : std::nullopt};
    auto answer = co_await brokers.call<offset_commit_response>(
        *node, make_offset_commit(who, offsets), deadline);
    if (!answer) {
        brokers.forget_coordinator(coordinator_kind::group, config_.group_id);
        co_return std::unexpected(std::move(answer.error().why));
    }
    const auto code = code_of(answer->message);
    if (code == kafka::error_code::none) co_return result<void>();
    if (kafka::invalidates_coordinator(code)) {
        brokers.forget_coordinator(coordinator_kind::group, config_.group_id);
    }
    if (code == kafka::error_code::rebalance_in_progress) membership_.rebalance_announced();
    co_return failure(code, "committing to group " + config_.group_id);
}

runtime::awaitable<result<void>> consumer_core::commit(offset_map offsets,
                                                       runtime::instant deadline) {
    if (config_.group_id.empty()) co_return failure(errc::invalid_argument, "group.id is missing");
    start();
    if (offsets.empty()) co_return result<void>();
    for (std::uint32_t failures = 1;; ++failures) {
        auto done = co_await commit_once(offsets, deadline);
        const bool again = !done && done.error().retriable() &&
                           done.error().code != kafka::error_code::rebalance_in_progress;
        const auto at = world_.now() + brokers.retry_delay(failures);
        if (!again || at >= deadline) co_return done;
        co_await world_.sleep_until(at);
    }
}

runtime::awaitable<result<offset_map>> consumer_core::committed(partition_set partitions,
                                                                runtime::instant deadline) {
    if (config_.group_id.empty()) co_return failure(errc::invalid_argument, "group.id is missing");
    start();
    for (std::uint32_t failures = 1;; ++failures) {
        const auto node =
            co_await brokers.coordinator(coordinator_kind::group, config_.group_id, deadline);
        if (!node) co_return std::unexpected(node.error());
        auto request = make_offset_fetch(config_.group_id, partitions, true);
        const auto over = co_await brokers.connect_to(*node, deadline);
        // Waiting for stable offsets came with version 7 (KIP-447).
        const auto version =
            over ? (*over)->versions.choose(kafka::api_key::offset_fetch) : std::nullopt;
        request.require_stable = version && *version >= 7;
        auto answer = co_await brokers.call<offset_fetch_response>(*node, request, deadline);
        const auto code = answer ? code_of(answer->message) : kafka::error_code::none;
        if (answer && code == kafka::error_code::none) co_return read_offsets(answer->message);
        const error fault = answer ? refused(code, config_.group_id) : answer.error().why;
        if (!answer || kafka::invalidates_coordinator(code)) {
            brokers.forget_coordinator(coordinator_kind::group, config_.group_id);
        }
        const auto at = world_.now() + brokers.retry_delay(failures);
        if (!fault.retriable() || at >= deadline) co_return std::unexpected(fault);
        co_await world_.sleep_until(at);
    }
}

}  // namespace verdikt::client
