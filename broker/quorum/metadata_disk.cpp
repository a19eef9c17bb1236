#include "broker/quorum/metadata_disk.h"

#include "broker/quorum/full_disk.h"
#include "broker/quorum/snapshot_content.h"
#include "broker/raft/wire/batches.h"
#include "runtime/deadline.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace verdikt::broker::quorum {
namespace {

std::size_t size_of(const raft::append_log& what) {
    std::size_t size = 0;
    for (const raft::batch& each : what.batches) size += each.bytes ? each.bytes->size() : 0;
    return size;
}

}  // namespace

metadata_disk::metadata_disk(runtime::environment& world,
                             storage::partition_log& log,
                             snapshot_files& snapshots,
                             disk_owner& owner)
    : world_(world),
      log_(log),
      snapshots_(snapshots),
      owner_(owner),
      syncs_(world.get_executor()) {}

void metadata_disk::add(task next) {
    if (stopped_) return;
    if (const auto* records = std::get_if<raft::append_log>(&next)) {
        unwritten_bytes_ += size_of(*records);
    }
    tasks_.push_back(std::move(next));
    changed_.notify_all();
}

runtime::awaitable<void> metadata_disk::run() {
    while (!stopped_) {
        if (tasks_.empty()) {
            co_await changed_.wait();
            continue;
        }
        task next = std::move(tasks_.front());
        tasks_.pop_front();
        co_await std::visit([this](auto& what) { return carry_out(std::move(what)); }, next);
    }
}

void metadata_disk::stop() {
    stopped_ = true;
    tasks_.clear();
    changed_.notify_all();
}

runtime::awaitable<void> metadata_disk::join() {
    co_await syncs_.cancel_and_join();
}

void metadata_disk::fail(std::string why) {
    if (stopped_) return;
    stop();
    owner_.disk_failed(std::move(why));
}

runtime::awaitable<bool> metadata_disk::try_again(std::string_view act, storage::errc error) {
    if (error == storage::errc::no_space) co_return co_await wait_for_space();
    fail(fmt::format("cannot {}: {}", act, describe(error)));
    co_return false;
}

runtime::awaitable<bool> metadata_disk::try_again(std::string_view act, runtime::errc error) {
    if (error == runtime::errc::no_space) co_return co_await wait_for_space();
    fail(fmt::format("cannot {}: {}", act, describe(error)));
    co_return false;
}

/// False if nothing is to be tried any more.
runtime::awaitable<bool> metadata_disk::wait_for_space() {
    if (stopped_) co_return false;
    if (!std::exchange(full_, true)) owner_.disk_full();
    const runtime::instant next = world_.now() + space_retry_interval;
    while (!stopped_ && world_.now() < next) {
        (void)co_await runtime::with_deadline(world_, next, changed_.wait());
    }
    co_return !stopped_;
}

std::vector<std::byte> metadata_disk::encode(const std::vector<raft::batch>& batches) const {
    const kafka::timestamp time(world_.wall_time().time_since_epoch().count());
    std::vector<std::byte> bytes;
    for (const raft::batch& each : batches) {
        const raft::payload encoded = raft::wire::encode_batch(each, time);
        bytes.insert(bytes.end(), encoded->begin(), encoded->end());
    }
    return bytes;
}

runtime::awaitable<void> metadata_disk::carry_out(raft::append_log what) {
    std::vector<std::byte> bytes = encode(what.batches);
    for (;;) {
        const auto appended = co_await log_.append(
            bytes, storage::append_origin::follower, what.batches.back().epoch);
        if (appended) break;
        if (!co_await try_again("append to the metadata log", appended.error())) co_return;
    }
    full_ = false;
    unwritten_bytes_ -= size_of(what);
}

runtime::awaitable<void> metadata_disk::carry_out(raft::sync_log what) {
    if (!what.durable) {
        owner_.log_synced(what.id);
    } else {
        syncs_.spawn(finish_sync(what.id, log_.log_end()));
    }
    co_return;
}

runtime::awaitable<void> metadata_disk::finish_sync(raft::sync_id id, raft::offset end) {
    const auto durable = co_await log_.wait_durable(end);
    if (!durable) {
        fail(fmt::format("cannot sync the metadata log: {}", describe(durable.error())));
    } else if (!stopped_) {
        owner_.log_synced(id);
    }
}

runtime::awaitable<void> metadata_disk::carry_out(raft::truncate_log what) {
    for (;;) {
        const auto cut = co_await log_.truncate_to(what.to);
        if (cut) co_return;
        if (!co_await try_again("truncate the metadata log", cut.error())) co_return;
    }
}

runtime::awaitable<void> metadata_disk::carry_out(raft::trim_log what) {
    const auto removed = co_await snapshots_.remove_before(what.to.end);
    if (!removed)
        co_return fail(fmt::format("cannot remove an old snapshot: {}", describe(removed.error())));
    const auto trimmed = co_await log_.delete_records(what.to.end);
    // Without room for the checkpoint the records may be back after a restart, which trims again.
    if (trimmed || trimmed.error() == storage::errc::no_space) co_return;
    fail(fmt::format("cannot trim the metadata log: {}", describe(trimmed.error())));
}

runtime::awaitable<void> metadata_disk::carry_out(raft::write_snapshot what) {
    for (;;) {
        const auto written = co_await snapshots_.write_part(
            what.snapshot, static_cast<std::uint64_t>(what.position), what.bytes);
        if (written) break;
        if (!co_await try_again("write a snapshot", written.error())) co_return;
    }
    full_ = false;
}

/// The snapshot first: from the moment on at which it has its name, a restart goes on from it.
runtime::awaitable<void> metadata_disk::carry_out(raft::install_snapshot what) {
    const raft::snapshot_id id = what.snapshot.id;
    const auto named = co_await snapshots_.finish_part(id);
    if (!named) {
        co_return fail(fmt::format("cannot sync a snapshot: {}", describe(named.error())));
    }
    const auto bytes = co_await snapshots_.read(id);
    if (!bytes) {
        co_return fail(fmt::format("cannot read a snapshot: {}", describe(bytes.error())));
    }
    const auto content = decode_snapshot(*bytes);
    if (!content) co_return fail("a snapshot was damaged on its way: " + content.error());
    const std::optional<raft::voter_set>& voters = content->voters;
    if (!voters) co_return fail("a snapshot names no voters");
    for (;;) {
        const auto restarted = co_await log_.restart_at(id.end);
        if (restarted) break;
        if (!co_await try_again("start the metadata log at a snapshot", restarted.error()))
            co_return;
    }
    const auto removed = co_await snapshots_.remove_before(id.end);
    if (!removed) {
        co_return fail(fmt::format("cannot remove an old snapshot: {}", describe(removed.error())));
    }
    if (!stopped_) owner_.snapshot_installed(id, *voters);
}

runtime::awaitable<void> metadata_disk::carry_out(raft::abandon_snapshot what) {
    const auto removed = co_await snapshots_.abandon_part(what.snapshot);
    if (!removed) {
        fail(fmt::format("cannot remove half a snapshot: {}", describe(removed.error())));
    }
}

runtime::awaitable<void> metadata_disk::carry_out(raft::commit_to what) {
    log_.advance_high_watermark(what.to);
    owner_.committed(what.to);
    co_return;
}

runtime::awaitable<void> metadata_disk::carry_out(unread_answer what) {
    if (!what.records) return read_snapshot(std::move(what));
    const raft::log_range range = *what.records;
    return read_records(std::move(what), range);
}

runtime::awaitable<void> metadata_disk::read_records(unread_answer what, raft::log_range range) {
    auto bytes = co_await log_.read_bytes(
        {.from = range.from, .max_bytes = what.bytes_max, .bound = range.to});
    if (stopped_) co_return;
    raft::payload read;
    if (bytes) read = std::make_shared<std::vector<std::byte>>(*std::move(bytes));
    owner_.read(std::move(what), std::move(read));
}

runtime::awaitable<void> metadata_disk::read_snapshot(unread_answer what) {
    const auto& wanted = std::get<raft::fetch_snapshot_answer>(what.what);
    auto bytes = co_await snapshots_.read_part(
        wanted.snapshot, static_cast<std::uint64_t>(wanted.position), what.bytes_max);
    if (stopped_) co_return;
    raft::payload read;
    if (bytes) read = std::make_shared<std::vector<std::byte>>(*std::move(bytes));
    owner_.read(std::move(what), std::move(read));
}

}  // namespace verdikt::broker::quorum
