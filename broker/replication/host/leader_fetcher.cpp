#include "broker/replication/host/leader_fetcher.h"

#include "runtime/deadline.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace verdikt::broker::replication::host {

using kafka::error_code;
namespace messages = kafka::messages;

namespace {

constexpr std::chrono::seconds failures_told_every{10};

metadata::topic_partition_id id_of(const hosted_partition& which) {
    return {.topic = which.topic_id(), .partition = which.name().partition};
}

}  // namespace

void leader_fetcher::want(partition_ptr by, const send_fetch& what) {
    const auto id = id_of(*by);
    writing_.erase(id);
    wanted_.insert_or_assign(id, wanted_fetch{.by = std::move(by), .what = what});
    changed_.notify_all();
}

runtime::awaitable<void> leader_fetcher::run() {
    for (;;) {
        while (wanted_.empty()) co_await changed_.wait();
        co_await gather();
        std::vector<wanted_fetch> fetches = take_wanted();
        if (!fetches.empty()) co_await fetch(std::move(fetches));
    }
}

/// Those that gave up the leader or the node meanwhile are not waited for.
bool leader_fetcher::somebody_writes() {
    std::erase_if(writing_, [&](const auto& entry) {
        const partition_follower* follower = entry.second->replica().following();
        return entry.second->is_stopped() || follower == nullptr ||
               entry.second->replica().state().leader != leader_;
    });
    return !writing_.empty();
}

runtime::awaitable<void> leader_fetcher::gather() {
    if (!somebody_writes()) co_return;
    runtime::environment& world = of_.world();
    (void)co_await runtime::with_deadline(
        world, world.now() + of_.settings().fetcher.gather_max, everybody_here());
}

runtime::awaitable<void> leader_fetcher::everybody_here() {
    while (somebody_writes()) co_await changed_.wait();
}

/// In turn from another beginning each time: a leader gives a batch that is larger than its limits
/// to the first of a request only.
std::vector<leader_fetcher::wanted_fetch> leader_fetcher::take_wanted() {
    std::vector<wanted_fetch> fetches;
    for (auto& [id, wanted] : std::exchange(wanted_, {})) {
        if (!wanted.by->is_stopped()) fetches.push_back(std::move(wanted));
    }
    if (fetches.size() > 1) {
        const auto first = static_cast<std::ptrdiff_t>(rotation_++ % fetches.size());
        std::ranges::rotate(fetches, fetches.begin() + first);
    }
    return fetches;
}

messages::fetch_request leader_fetcher::request_for(std::span<const wanted_fetch> fetches) const {
    const fetcher_settings& limits = of_.settings().fetcher;
    messages::fetch_request request;
    request.replica_state = {.replica_id = of_.settings().self.value(),
                             .replica_epoch = of_.epoch().value()};
    const auto wait =
        writing_.empty() ? limits.max_wait : std::min(limits.max_wait, limits.gather_max);
    request.max_wait_ms = static_cast<std::int32_t>(wait.count());
    request.min_bytes = limits.min_bytes;
    request.max_bytes = limits.bytes_max;
    for (const wanted_fetch& each : fetches) {
        const auto& id = each.by->topic_id();
        if (request.topics.empty() || request.topics.back().topic_id != id) {
            request.topics.push_back({.topic = each.by->name().topic, .topic_id = id});
        }
        request.topics.back().partitions.push_back(
            {.partition = each.by->name().partition.value(),
             .current_leader_epoch = each.what.current_leader_epoch.value(),
             .fetch_offset = each.what.from.value(),
             .last_fetched_epoch = each.what.last_fetched_epoch.value(),
             .log_start_offset = each.what.log_start.value(),
             .partition_max_bytes = limits.partition_bytes_max});
    }
    return request;
}

runtime::awaitable<void> leader_fetcher::fetch(std::vector<wanted_fetch> fetches) {
    messages::fetch_request request = request_for(fetches);
    const auto timeout =
        std::chrono::milliseconds(request.max_wait_ms) + of_.settings().fetcher.request_timeout;
    const auto answered = co_await links_.call<messages::fetch_response>(
        {.node = leader_, .over = link::channel::replication}, std::move(request), timeout);
    const error_code failure = !answered ? error_code::network_exception
                                         : kafka::to_error_code(answered->message.error_code);
    if (!answered) {
        tell_failure(link::describe(answered.error().why), fetches.size());
    } else if (failure != error_code::none) {
        tell_failure(kafka::name(failure), fetches.size());
    }
    std::map<metadata::topic_partition_id, const partition_answer*> answers;
    if (failure == error_code::none) {
        for (const auto& topic : answered->message.responses) {
            for (const auto& each : topic.partitions) {
                answers[{topic.topic_id, kafka::partition_index(each.partition_index)}] = &each;
            }
        }
    }
    for (const wanted_fetch& each : fetches) {
        const auto found = answers.find(id_of(*each.by));
        if (found != answers.end()) {
            hand_out(each, *found->second);
        } else {
            fail(each, failure == error_code::none ? error_code::unknown_server_error : failure);
        }
    }
}

/// A leader that is gone is asked again and again: the log is told once in a while.
void leader_fetcher::tell_failure(std::string_view why, std::size_t partitions) {
    runtime::environment& world = of_.world();
    ++untold_failures_;
    if (told_failure_ && world.now() < *told_failure_ + failures_told_every) return;
    told_failure_ = world.now();
    world.log().write(runtime::log_level::warning,
                      "replica_fetch_failed",
                      {{"leader", leader_},
                       {"why", why},
                       {"partitions", partitions},
                       {"failures", std::exchange(untold_failures_, 0)}});
}

void leader_fetcher::fail(const wanted_fetch& which, error_code error) {
    which.by->fetch_answered({.number = which.what.number, .error = error}, {});
}

void leader_fetcher::hand_out(const wanted_fetch& to, const partition_answer& answer) {
    fetch_answer result{.number = to.what.number,
                        .error = kafka::to_error_code(answer.error_code),
                        .high_watermark = kafka::offset(answer.high_watermark),
                        .log_start = kafka::offset(answer.log_start_offset)};
    if (answer.diverging_epoch.end_offset >= 0) {
        result.diverging =
            storage::epoch_end{.epoch = kafka::leader_epoch(answer.diverging_epoch.epoch),
                               .end_offset = kafka::offset(answer.diverging_epoch.end_offset)};
    }
    const std::span<const std::byte> records =
        answer.records ? answer.records->bytes() : std::span<const std::byte>();
    to.by->fetch_answered(result, records);
    const partition_follower* follower = to.by->replica().following();
    if (follower != nullptr && follower->is_settling()) writing_.emplace(id_of(*to.by), to.by);
}

runtime::awaitable<std::expected<kafka::offset, error_code>> leader_fetcher::find_bound(
    partition_ptr by, kafka::leader_epoch epoch, std::int64_t which) {
    messages::list_offsets_request request;
    request.replica_id = of_.settings().self.value();
    auto& topic = request.topics.emplace_back();
    topic.name = by->name().topic;
    topic.partitions.push_back({.partition_index = by->name().partition.value(),
                                .current_leader_epoch = epoch.value(),
                                .timestamp = which});
    const auto answered = co_await links_.call<messages::list_offsets_response>(
        {.node = leader_, .over = link::channel::replication},
        std::move(request),
        of_.settings().fetcher.request_timeout + of_.settings().fetcher.max_wait);
    if (!answered) co_return std::unexpected(error_code::network_exception);
    const auto& topics = answered->message.topics;
    if (topics.size() != 1 || topics.front().partitions.size() != 1) {
        co_return std::unexpected(error_code::unknown_server_error);
    }
    const auto& answer = topics.front().partitions.front();
    if (answer.error_code != 0) {
        co_return std::unexpected(kafka::to_error_code(answer.error_code));
    }
    co_return kafka::offset(answer.offset);
}

runtime::awaitable<void> leader_fetcher::ask_bounds(partition_ptr by, ask_leader_bounds what) {
    leader_bounds bounds{.number = what.number};
    const auto start = co_await find_bound(by, what.current_leader_epoch, earliest_offset);
    // Second, so that it is not below the start.
    const auto end =
        start ? co_await find_bound(by, what.current_leader_epoch, latest_offset) : start;
    if (end) {
        bounds.start = *start;
        bounds.end = *end;
    } else {
        bounds.error = end.error();
    }
    by->leader_bounds_answered(bounds);
}

}  // namespace verdikt::broker::replication::host
