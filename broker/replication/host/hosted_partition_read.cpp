// What clients and followers read.
#include "broker/replication/host/partition_event.h"
#include "broker/storage/wire_errors.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::replication::host {

using kafka::error_code;

namespace {

using found_offset = std::expected<std::optional<storage::timestamp_and_offset>, error_code>;

read_answer refusal(error_code error) {
    return {.error = error};
}

}  // namespace

kafka::offset hosted_partition::visible_end(bool committed_only) const {
    return committed_only ? log_->last_stable_offset() : log_->high_watermark();
}

runtime::awaitable<read_answer> hosted_partition::read(consumer_read wish) {
    const partition_ptr self = shared_from_this();
    if (const error_code closed = why_closed(); closed != error_code::none)
        co_return refusal(closed);
    const fetch_verdict verdict =
        replica_.consumer_fetch(wish.current_leader_epoch, wish.from, view_);
    if (verdict.error != error_code::none) co_return refusal(verdict.error);
    read_answer answer{.high_watermark = verdict.high_watermark,
                       .last_stable_offset = log_->last_stable_offset(),
                       .log_start = verdict.log_start,
                       .visible_end = visible_end(wish.committed_only)};
    if (wish.committed_only) answer.aborted.emplace();
    if (wish.from >= answer.visible_end) co_return answer;
    co_await read_records({.from = wish.from,
                           .max_bytes = wish.max_bytes,
                           .bound = answer.visible_end,
                           .at_least_one_batch = wish.at_least_one_batch},
                          answer);
    co_return answer;
}

runtime::awaitable<read_answer> hosted_partition::read(follower_read wish) {
    const partition_ptr self = shared_from_this();
    if (const error_code closed = why_closed(); closed != error_code::none)
        co_return refusal(closed);
    fetch_verdict verdict;
    event([&](effects& out) { verdict = replica_.fetch(wish.fetch, view_, world_.now(), out); });
    if (verdict.error != error_code::none) co_return refusal(verdict.error);
    read_answer answer{.diverging = verdict.diverging,
                       .high_watermark = verdict.high_watermark,
                       .last_stable_offset = log_->last_stable_offset(),
                       .log_start = verdict.log_start,
                       .log_start_is_news = verdict.log_start_is_news,
                       .visible_end = verdict.bound};
    if (verdict.diverging || wish.fetch.from >= verdict.bound) co_return answer;
    co_await read_records({.from = wish.fetch.from,
                           .max_bytes = wish.max_bytes,
                           .bound = verdict.bound,
                           .at_least_one_batch = wish.at_least_one_batch},
                          answer);
    co_return answer;
}

runtime::awaitable<void> hosted_partition::read_records(storage::read_request request,
                                                        read_answer& answer) {
    if (request.max_bytes == 0 && !request.at_least_one_batch) co_return;
    const auto led = serving_epoch();
    auto found = co_await log_->read(request);
    if (!found) {
        answer = refusal(storage::to_error_code(found.error()));
        co_return;
    }
    // Somebody else's records may lie there by now.
    if (serving_epoch() != led) {
        answer = refusal(error_code::not_leader_or_follower);
        co_return;
    }
    if (found->slice.size == 0) co_return;
    if (answer.aborted) {
        // Without this list the records would be taken for committed.
        auto aborted = co_await log_->aborted_transactions(found->first_offset, found->end_offset);
        if (!aborted) {
            answer = refusal(storage::to_error_code(aborted.error()));
            co_return;
        }
        answer.aborted = std::move(*aborted);
    }
    answer.slice = std::move(found->slice);
}

runtime::awaitable<found_offset> hosted_partition::find_offset(offset_wish wish) {
    const partition_ptr self = shared_from_this();
    if (const error_code closed = why_closed(); closed != error_code::none)
        co_return std::unexpected(closed);
    const auto end = replica_.visible_end(wish.current_leader_epoch);
    // A new leader may not know yet how far its predecessor had committed.
    const bool is_behind = !end && end.error() == error_code::offset_not_available;
    if (!end && !is_behind) co_return std::unexpected(end.error());
    const bool by_follower = wish.by == asker::follower;
    const kafka::offset bound =
        by_follower ? log_->log_end() : visible_end(wish.by == asker::committed_reader);
    const auto at = [&](kafka::offset offset, kafka::leader_epoch epoch) {
        return storage::timestamp_and_offset{
            .timestamp = kafka::no_timestamp, .offset = offset, .epoch = epoch};
    };
    if (wish.time == earliest_offset || wish.time == earliest_local_offset) {
        co_return at(log_->log_start(), log_->epoch_of(log_->log_start()));
    }
    if (wish.time == latest_offset) {
        if (is_behind && !by_follower) co_return std::unexpected(end.error());
        co_return at(bound, replica_.state().leader_epoch);
    }
    if (wish.time < 0 && wish.time != max_timestamp_offset) {
        co_return std::unexpected(error_code::invalid_request);
    }
    const auto found = wish.time == max_timestamp_offset
                           ? co_await log_->offset_of_max_timestamp()
                           : co_await log_->offset_for_time(kafka::timestamp(wish.time), bound);
    if (!found) co_return std::unexpected(storage::to_error_code(found.error()));
    if (*found && (*found)->offset < bound) co_return *found;
    if (is_behind) co_return std::unexpected(end.error());
    co_return std::nullopt;
}

std::expected<std::optional<storage::epoch_end>, error_code> hosted_partition::end_offset_for(
    kafka::leader_epoch current_leader_epoch, kafka::leader_epoch asked) const {
    if (stopped_) return std::unexpected(error_code::not_leader_or_follower);
    return replica_.end_offset_for(current_leader_epoch, asked, view_);
}

runtime::awaitable<std::expected<deleted, error_code>> hosted_partition::delete_records(
    kafka::offset up_to) {
    const partition_ptr self = shared_from_this();
    const auto led = serving_epoch();
    if (!led) {
        const bool failed = !stopped_ && (stalled_ || role() == replica_role::failed);
        co_return std::unexpected(failed ? error_code::kafka_storage_error
                                         : error_code::not_leader_or_follower);
    }
    const kafka::offset to = up_to == kafka::no_offset ? log_->high_watermark() : up_to;
    if (to < kafka::offset(0)) co_return std::unexpected(error_code::offset_out_of_range);
    const auto start = co_await log_->delete_records(to);
    if (!start) co_return std::unexpected(storage::to_error_code(start.error()));
    if (stopped_) co_return std::unexpected(error_code::not_leader_or_follower);
    // Followers that wait for records learn of it now.
    wake_readers();
    co_return deleted{.log_start = *start, .epoch = *led};
}

std::expected<std::vector<described_producer>, error_code> hosted_partition::describe_producers()
    const {
    if (!serving_epoch()) return std::unexpected(error_code::not_leader_or_follower);
    std::vector<described_producer> described;
    for (const auto& [id, state] : log_->producers().producers()) {
        described.push_back(
            {.id = id,
             .epoch = state.epoch,
             .last_sequence = state.recent.empty() ? -1 : state.recent.back().last.value(),
             .last_time = state.last_time,
             .coordinator_epoch = state.coordinator_epoch,
             .transaction_start = state.transaction_start.value_or(kafka::no_offset)});
    }
    return described;
}

}  // namespace verdikt::broker::replication::host
