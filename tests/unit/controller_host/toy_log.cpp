#include "tests/unit/controller_host/toy_log.h"

#include "runtime/check.h"

#include <algorithm>

namespace verdikt::broker::controller::host {

namespace {

raft::payload payload_of(std::vector<std::byte> bytes) {
    return std::make_shared<const std::vector<std::byte>>(std::move(bytes));
}

raft::payload batch_bytes(std::span<const quorum::frame> frames, runtime::environment& world) {
    const kafka::timestamp time(world.wall_time().time_since_epoch().count());
    return payload_of(quorum::batch_of(frames, time));
}

}  // namespace

void toy_log::push(quorum::committed_batch batch, bool makes_ready) {
    batch.base = end_;
    batch.epoch = epoch_;
    end_ = batch.end();
    waiting_.push_back({.batch = std::move(batch),
                        .commits_at = world_.now() + commit_delay,
                        .makes_ready = makes_ready});
    moved_.notify_all();
}

void toy_log::lead() {
    CHECK(!leads_);
    epoch_ = epoch_.next();
    leads_ = true;
    push({.record_count = 1, .control = true, .bytes = payload_of({})}, true);
    listener_.leader_changed(epoch_, kafka::node_id(1));
}

void toy_log::lose_leadership() {
    CHECK(leads_);
    leads_ = false;
    const bool was_ready = waiting_.empty() || !waiting_.front().makes_ready;
    if (!waiting_.empty()) end_ = waiting_.front().batch.base;
    waiting_.clear();
    if (was_ready) listener_.leadership_lost(epoch_);
    listener_.leader_changed(epoch_, std::nullopt);
    moved_.notify_all();
}

void toy_log::append_control() {
    push({.record_count = 1, .control = true, .bytes = payload_of({})});
}

void toy_log::append_frames(std::vector<quorum::frame> frames) {
    push({.record_count = static_cast<std::int32_t>(frames.size()),
          .bytes = batch_bytes(frames, world_)});
}

std::expected<kafka::offset, kafka::error_code> toy_log::append(
    kafka::leader_epoch epoch, kafka::offset expected_end, std::span<const quorum::frame> frames) {
    if (refuses_appends || !leads_)
        return std::unexpected(kafka::error_code::not_leader_or_follower);
    if (epoch != epoch_ || expected_end != end_)
        return std::unexpected(kafka::error_code::fenced_leader_epoch);
    const kafka::offset first = end_;
    push({.record_count = static_cast<std::int32_t>(frames.size()),
          .bytes = batch_bytes(frames, world_)});
    return first;
}

runtime::awaitable<void> toy_log::resign() {
    ++resignations;
    co_return;
}

bool toy_log::may_snapshot(const raft::snapshot_id& id) const {
    return snapshots.empty() || snapshots.back().id.end < id.end;
}

runtime::awaitable<bool> toy_log::take_snapshot(raft::snapshot_id id,
                                                std::vector<quorum::frame> frames,
                                                kafka::timestamp /*time*/) {
    co_await world_.sleep_for(std::chrono::milliseconds(20));
    snapshots.push_back({.id = id, .frames = std::move(frames)});
    co_return true;
}

runtime::awaitable<void> toy_log::settle() {
    while (!waiting_.empty()) co_await world_.sleep_for(std::chrono::milliseconds(1));
}

runtime::awaitable<void> toy_log::deliver() {
    for (;;) {
        if (waiting_.empty()) {
            co_await moved_.wait();
            continue;
        }
        // In short steps: it may be lost meanwhile, and another come in its place.
        if (const runtime::instant due = waiting_.front().commits_at; world_.now() < due) {
            co_await world_.sleep_until(std::min(due, world_.now() + std::chrono::milliseconds(1)));
            continue;
        }
        const appended next = waiting_.front();
        waiting_.pop_front();
        committed.push_back(next.batch);
        co_await listener_.apply({next.batch});
        if (next.makes_ready) listener_.ready(next.batch.epoch, next.batch.end());
    }
}

}  // namespace verdikt::broker::controller::host
