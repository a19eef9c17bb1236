#include "tests/sim/client_programs/restless_consumer.h"

#include "client/closing.h"
#include "tests/sim/client_programs/impatient_client.h"

#include <fmt/format.h>

namespace verdikt::tests {

using namespace std::chrono_literals;
using runtime::awaitable;

client::client_config restless_consumer::draw_config(runtime::random_source& random) const {
    client::client_config config = impatient_client(plan_.servers);
    config.client_id = "consumer";
    config.group_id = plan_.group;
    config.group_instance_id = instance_id_;
    config.auto_offset_reset = "earliest";
    config.enable_auto_commit = !plan_.commits_itself;
    config.auto_commit_interval_ms = std::chrono::milliseconds(random.between(100, 2'000));
    config.max_poll_records = random.between(1, 50);
    config.session_timeout_ms = 6s;
    config.heartbeat_interval_ms = 1s;
    config.max_poll_interval_ms = 10s;
    config.partition_assignment_strategy = plan_.assignors;
    config.max_partition_fetch_bytes = random.between(200, 10'000);
    return config;
}

awaitable<void> restless_consumer::run(runtime::environment& world) {
    if (plan_.over) co_return;
    world_ = &world;
    next_.clear();
    client::consumer reading(world, draw_config(world.random()));
    reading_ = &reading;
    co_await client::use_and_close(reading, consume(world, reading));
}

awaitable<void> restless_consumer::consume(runtime::environment& world, client::consumer& from) {
    const auto subscribed = from.subscribe({plan_.topic}, this);
    CHECK(subscribed.has_value());
    while (!plan_.over) {
        if (!co_await poll_once(world, from)) co_return;
        runtime::random_source& random = world.random();
        if (plan_.commits_itself && random.chance(0.3)) co_await commit(from);
        if (random.chance(0.2)) {
            co_await world.sleep_for(std::chrono::milliseconds(random.between(0, 500)));
        }
        if (plan_.calm) continue;
        if (random.chance(0.005))
            co_await world.sleep_for(std::chrono::seconds(random.between(1, 15)));
        if (random.chance(0.01)) co_return;
    }
}

/// False if it is no longer welcome.
awaitable<bool> restless_consumer::poll_once(runtime::environment& world, client::consumer& from) {
    const std::chrono::milliseconds patience(world.random().between(0, 500));
    auto polling = from.poll(patience);
    const auto records = co_await std::move(polling);
    if (!records) {
        // A join of a former life that was still under way makes this one the older of two.
        const bool replaced = records.error().code == kafka::error_code::fenced_instance_id;
        if (records.error().fatal() && !replaced) {
            history_.complain("poll: " + records.error().message());
        }
        co_return records.error().retriable();
    }
    for (const client::consumed_record& each : *records) process(each);
    co_return true;
}

void restless_consumer::process(const client::consumed_record& record) {
    const client::topic_partition where{.topic = std::string(record.topic),
                                        .partition = record.partition};
    const auto [expected, first] = next_.try_emplace(where, record.offset);
    if (first) history_.began(where, record.offset);
    const bool skips = record.offset > expected->second && history_.may_skip(where, record.offset);
    if (expected->second != record.offset && !skips) {
        history_.complain(
            fmt::format("{}: offset {} follows {}", where, record.offset, expected->second));
    }
    expected->second = record.offset.next();
    history_.processed(where, record.offset);
}

awaitable<void> restless_consumer::commit(client::consumer& through) {
    client::offset_map offsets;
    for (const auto& [where, next] : next_) offsets[where] = {.offset = next};
    const auto started = world_->now();
    // Cut short, it is in doubt as well.
    history_.doubtful(offsets);
    auto committing = through.commit(offsets);
    const auto done = co_await std::move(committing);
    const bool at_once = done && world_->now() - started < 50ms;
    if (at_once) history_.certain(offsets);
    if (done) history_.acknowledged(offsets);
}

awaitable<void> restless_consumer::on_assigned(client::partition_set partitions) {
    for (const auto& each : partitions) {
        if (next_.contains(each)) history_.complain(fmt::format("{} is assigned twice", each));
    }
    co_return;
}

awaitable<void> restless_consumer::on_revoked(client::partition_set partitions) {
    if (plan_.commits_itself) co_await commit(*reading_);
    for (const auto& each : partitions) next_.erase(each);
}

awaitable<void> restless_consumer::on_lost(client::partition_set partitions) {
    history_.lost();
    for (const auto& each : partitions) next_.erase(each);
    co_return;
}

}  // namespace verdikt::tests
