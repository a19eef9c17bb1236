#include "client/consumer.h"

#include "client/consumer_core.h"
#include "client/list_offsets.h"

namespace verdikt::client {

namespace {

/// The found offsets, or the first failure.
result<std::map<topic_partition, found_offset>> all_or_error(
    const partition_outcomes<found_offset>& outcomes) {
    std::map<topic_partition, found_offset> found;
    for (const auto& [which, outcome] : outcomes) {
        if (!outcome) return std::unexpected(outcome.error());
        found[which] = *outcome;
    }
    return found;
}

runtime::awaitable<result<std::map<topic_partition, kafka::offset>>> offsets_at(
    consumer_core& core, partition_set partitions, std::int64_t timestamp) {
    core.start();
    std::map<topic_partition, std::int64_t> timestamps;
    for (const topic_partition& each : partitions) timestamps[each] = timestamp;
    const auto outcomes = co_await list_offsets(
        core.brokers, std::move(timestamps), core.read_committed(), core.api_deadline());
    const auto found = all_or_error(outcomes);
    if (!found) co_return std::unexpected(found.error());
    std::map<topic_partition, kafka::offset> offsets;
    for (const auto& [which, each] : *found) offsets[which] = each.offset;
    co_return offsets;
}

}  // namespace

consumer::consumer(runtime::environment& world, client_config config)
    : core_(std::make_unique<consumer_core>(world, std::move(config))) {}

consumer::~consumer() = default;

result<void> consumer::assign(partition_set partitions) {
    return core_->assign(std::move(partitions));
}

result<void> consumer::subscribe(std::set<std::string> topics, rebalance_listener* listener) {
    return core_->subscribe(std::move(topics), listener);
}

runtime::awaitable<void> consumer::unsubscribe() {
    return core_->unsubscribe();
}

runtime::awaitable<result<consumed_records>> consumer::poll(runtime::duration timeout) {
    return core_->poll(timeout);
}

runtime::awaitable<result<void>> consumer::commit() {
    return core_->commit(core_->where.to_commit(), core_->api_deadline());
}

runtime::awaitable<result<void>> consumer::commit(offset_map offsets) {
    return core_->commit(std::move(offsets), core_->api_deadline());
}

runtime::awaitable<result<offset_map>> consumer::committed(partition_set partitions) {
    return core_->committed(std::move(partitions), core_->api_deadline());
}

result<void> consumer::seek(topic_partition partition, committed_offset to) {
    if (to.offset < kafka::offset(0)) return failure(errc::invalid_argument, "a negative offset");
    const auto assigned = core_->require_assigned({partition});
    if (!assigned) return assigned;
    core_->where.seek(partition, {.offset = to.offset, .epoch = to.epoch});
    core_->wake();
    return {};
}

result<void> consumer::seek_to_beginning(partition_set partitions) {
    const auto assigned = core_->require_assigned(partitions);
    if (!assigned) return assigned;
    for (const auto& each : partitions) core_->where.seek_by_time(each, earliest_timestamp);
    core_->wake();
    return {};
}

result<void> consumer::seek_to_end(partition_set partitions) {
    const auto assigned = core_->require_assigned(partitions);
    if (!assigned) return assigned;
    for (const auto& each : partitions) core_->where.seek_by_time(each, latest_timestamp);
    core_->wake();
    return {};
}

runtime::awaitable<result<kafka::offset>> consumer::position(topic_partition partition) {
    return core_->position(std::move(partition));
}

result<void> consumer::pause(partition_set partitions) {
    const auto assigned = core_->require_assigned(partitions);
    if (!assigned) return assigned;
    for (const auto& each : partitions) core_->where.set_paused(each, true);
    return {};
}

result<void> consumer::resume(partition_set partitions) {
    const auto assigned = core_->require_assigned(partitions);
    if (!assigned) return assigned;
    for (const auto& each : partitions) core_->where.set_paused(each, false);
    core_->wake();
    return {};
}

partition_set consumer::assignment() const {
    return core_->where.assigned();
}

partition_set consumer::paused() const {
    partition_set which;
    for (const auto& [each, position] : core_->where.all()) {
        if (position.paused) which.insert(each);
    }
    return which;
}

group_standing consumer::standing() const {
    const group_membership& member = core_->membership();
    return {.group_id = member.options().group_id,
            .member_id = member.member_id(),
            .generation = member.generation(),
            .instance_id = member.options().instance_id};
}

runtime::awaitable<result<std::map<topic_partition, offset_and_time>>> consumer::offsets_for_times(
    std::map<topic_partition, kafka::timestamp> times) {
    core_->start();
    std::map<topic_partition, std::int64_t> timestamps;
    for (const auto& [which, time] : times) timestamps[which] = time.value();
    const auto outcomes = co_await list_offsets(
        core_->brokers, std::move(timestamps), core_->read_committed(), core_->api_deadline());
    const auto found = all_or_error(outcomes);
    if (!found) co_return std::unexpected(found.error());
    std::map<topic_partition, offset_and_time> offsets;
    for (const auto& [which, each] : *found) {
        if (each.offset == kafka::no_offset) continue;
        offsets[which] = {.offset = each.offset, .time = each.time, .epoch = each.epoch};
    }
    co_return offsets;
}

runtime::awaitable<result<std::map<topic_partition, kafka::offset>>> consumer::beginning_offsets(
    partition_set partitions) {
    return offsets_at(*core_, std::move(partitions), earliest_timestamp);
}

runtime::awaitable<result<std::map<topic_partition, kafka::offset>>> consumer::end_offsets(
    partition_set partitions) {
    return offsets_at(*core_, std::move(partitions), latest_timestamp);
}

runtime::awaitable<result<partition_set>> consumer::partitions_of(std::string topic) {
    core_->start();
    const auto known = co_await core_->brokers.topic(topic, core_->api_deadline());
    if (!known) co_return std::unexpected(known.error());
    partition_set partitions;
    for (std::size_t index = 0; index < known->partitions.size(); ++index) {
        partitions.insert({.topic = topic,
                           .partition = kafka::partition_index(static_cast<std::int32_t>(index))});
    }
    co_return partitions;
}

runtime::awaitable<void> consumer::stop() {
    return core_->stop();
}

runtime::awaitable<result<void>> consumer::close(runtime::duration timeout) {
    return core_->close(timeout);
}

}  // namespace verdikt::client
