#include "client/consumer_core.h"

#include "client/list_offsets.h"
#include "runtime/check.h"
#include "runtime/deadline.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace verdikt::client {

namespace {

client_config checked_for_consumer(client_config config) {
    if (const auto fault = config.find_fault(role::consumer)) throw std::invalid_argument(*fault);
    // Without a group there is nobody to commit to.
    if (config.group_id.empty()) config.enable_auto_commit = false;
    return config;
}

std::optional<std::int64_t> reset_timestamp(const client_config& config) {
    if (config.auto_offset_reset == "none") return std::nullopt;
    return config.auto_offset_reset == "earliest" ? earliest_timestamp : latest_timestamp;
}

membership_options membership_of(const client_config& config) {
    return {
        .group_id = config.group_id,
        .instance_id = config.group_instance_id.empty() ? std::nullopt
                                                        : std::optional(config.group_instance_id),
        .session_timeout = config.session_timeout_ms,
        .poll_interval_max = config.max_poll_interval_ms,
        .heartbeat_interval = config.heartbeat_interval_ms,
        .cooperative = std::ranges::all_of(config.partition_assignment_strategy, is_cooperative)};
}

}  // namespace

consumer_core::consumer_core(runtime::environment& world, client_config config)
    : config_(checked_for_consumer(std::move(config))),
      brokers(world, config_),
      where(!config_.group_id.empty(), reset_timestamp(config_)),
      world_(world),
      membership_(membership_of(config_)),
      running_(world.get_executor()) {}

runtime::instant consumer_core::api_deadline() const {
    return world_.now() + config_.default_api_timeout_ms;
}

void consumer_core::start() {
    if (started_) return;
    started_ = true;
    brokers.start();
    next_auto_commit_ = world_.now() + config_.auto_commit_interval_ms;
    running_.spawn([](consumer_core& core) -> runtime::awaitable<void> {
        for (;;) {
            co_await core.brokers.metadata_changed().wait();
            core.follow_leaders();
            core.watch_partition_counts();
            core.wake();
        }
    }(*this));
    if (!config_.group_id.empty()) running_.spawn(serve_group());
}

void consumer_core::wake() {
    dirty_ = true;
    changed_.notify_all();
}

result<void> consumer_core::require_assigned(const partition_set& partitions) const {
    for (const topic_partition& each : partitions) {
        if (!where.contains(each)) {
            return failure(errc::invalid_argument, fmt::format("{} is not assigned", each));
        }
    }
    return {};
}

result<void> consumer_core::assign(partition_set partitions) {
    if (closed_) return failure(errc::closed);
    if (subscribed_)
        return failure(errc::invalid_argument, "subscribed to topics: unsubscribe first");
    start();
    for (const topic_partition& each : partitions) brokers.want_topic(each.topic);
    where.assign(partitions);
    wake();
    return {};
}

result<void> consumer_core::subscribe(std::set<std::string> topics, rebalance_listener* listener) {
    if (closed_) return failure(errc::closed);
    if (config_.group_id.empty()) return failure(errc::invalid_argument, "group.id is missing");
    if (!subscribed_ && !where.all().empty()) {
        return failure(errc::invalid_argument, "partitions are assigned: unsubscribe first");
    }
    start();
    for (const std::string& each : topics) brokers.want_topic(each);
    listener_ = listener;
    subscribed_ = true;
    membership_.polled(world_.now());
    membership_.subscribe(std::move(topics));
    wake();
    return {};
}

runtime::awaitable<void> consumer_core::unsubscribe() {
    if (subscribed_) {
        membership_.unsubscribe();
        co_await tell_news();
        subscribed_ = false;
    }
    where.assign({});
    buffered_.clear();
    wake();
}

// Polling.

void consumer_core::note_error(error what) {
    constexpr std::size_t errors_max = 100;
    if (errors_.size() < errors_max && std::ranges::find(errors_, what) == errors_.end()) {
        errors_.push_back(std::move(what));
    }
    wake();
}

std::optional<error> consumer_core::take_error() {
    if (subscribed_ && membership_.fatal()) return membership_.fatal();
    if (!errors_.empty()) {
        error first = std::move(errors_.front());
        errors_.pop_front();
        return first;
    }
    const auto stuck = where.in_state(position_state::stuck);
    if (stuck.empty()) return std::nullopt;
    return error{.reason = errc::no_position, .detail = fmt::format("{}", *stuck.begin())};
}

runtime::awaitable<result<consumed_records>> consumer_core::poll(runtime::duration timeout) {
    if (closed_) co_return failure(errc::closed);
    if (!started_) co_return failure(errc::invalid_argument, "neither subscribed nor assigned");
    const auto deadline = world_.now() + timeout;
    membership_.polled(world_.now());
    commit_if_due();
    for (;;) {
        dirty_ = false;
        if (subscribed_) co_await tell_news();
        if (auto fault = take_error()) co_return std::unexpected(std::move(*fault));
        result<consumed_records> taken = take_records();
        begin_background_work();
        if (!taken || !taken->empty()) co_return taken;
        if (world_.now() >= deadline) co_return consumed_records();
        if (!dirty_) co_await runtime::with_deadline(world_, deadline, changed_.wait());
    }
}

/// What is buffered of partitions that are read, up to max.poll.records.
result<consumed_records> consumer_core::take_records() {
    consumed_records records;
    auto left = static_cast<std::size_t>(config_.max_poll_records);
    for (auto each = buffered_.begin(); each != buffered_.end() && left > 0;) {
        const partition_position* const position = where.find(each->where());
        if (position == nullptr || position->turn != each->turn()) {
            each = buffered_.erase(each);
            continue;
        }
        if (position->paused || position->state != position_state::fetching) {
            ++each;
            continue;
        }
        CHECK(each->next().offset == position->at.offset,
              "{} is read twice or has a gap",
              each->where());
        const std::size_t before = records.size();
        const auto taken = each->take(left, records);
        left -= records.size() - before;
        where.advance(each->where(), each->next());
        if (!taken) {
            // What came before it is returned first; the partition is then fetched from here again.
            errors_.push_back(taken.error());
        }
        each = each->exhausted() ? buffered_.erase(each) : std::next(each);
    }
    if (records.empty() && !errors_.empty()) return std::unexpected(*take_error());
    return records;
}

runtime::awaitable<result<kafka::offset>> consumer_core::position(topic_partition which) {
    const auto deadline = api_deadline();
    for (;;) {
        const partition_position* const known = where.find(which);
        if (known == nullptr) {
            co_return failure(errc::invalid_argument, fmt::format("{} is not assigned", which));
        }
        if (known->state == position_state::fetching ||
            known->state == position_state::validating) {
            co_return known->at.offset;
        }
        if (known->state == position_state::stuck) co_return failure(errc::no_position);
        begin_background_work();
        if (!co_await runtime::with_deadline(world_, deadline, changed_.wait())) {
            co_return failure(errc::timed_out, "waiting for a position");
        }
    }
}

runtime::awaitable<result<void>> consumer_core::close(runtime::duration timeout) {
    if (std::exchange(closed_, true)) co_return result<void>();
    std::exception_ptr interrupted;
    result<void> outcome;
    try {
        outcome = co_await part(world_.now() + timeout);
    } catch (...) {
        interrupted = std::current_exception();
    }
    co_await stop();
    if (interrupted) std::rethrow_exception(interrupted);
    co_return outcome;
}

/// Commits, tells the program, and leaves the group.
runtime::awaitable<result<void>> consumer_core::part(runtime::instant deadline) {
    result<void> outcome;
    if (started_ && config_.enable_auto_commit) {
        const auto offsets = where.to_commit();
        if (!offsets.empty()) outcome = co_await commit(offsets, deadline);
    }
    if (subscribed_) {
        membership_.unsubscribe();
        config_.enable_auto_commit = false;
        co_await tell_news();
    }
    wake();
    while (membership_.leaving() && world_.now() < deadline) {
        co_await runtime::with_deadline(world_, deadline, changed_.wait());
    }
    co_return outcome;
}

runtime::awaitable<void> consumer_core::stop() {
    closed_ = true;
    co_await running_.cancel_and_join();
    co_await brokers.stop();
}

}  // namespace verdikt::client
