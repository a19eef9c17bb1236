#include "broker/quorum/delivery.h"

#include "broker/quorum/snapshot_content.h"
#include "broker/raft/wire/batches.h"
#include "broker/raft/wire/stored_names.h"
#include "kafka/records/batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace verdikt::broker::quorum {
namespace {

/// Handed over at once, and at least one batch.
constexpr std::uint64_t apply_bytes = std::uint64_t{1} << 20;

std::vector<committed_batch> to_committed(std::vector<raft::batch> batches) {
    std::vector<committed_batch> told;
    for (raft::batch& each : batches) {
        const auto header = kafka::records::parse_batch_header(*each.bytes);
        told.push_back({.base = each.base,
                        .epoch = each.epoch,
                        .record_count = each.record_count,
                        .control = header && header->attributes.is_control(),
                        .bytes = std::move(each.bytes)});
    }
    return told;
}

}  // namespace

delivery::delivery(storage::partition_log& log,
                   snapshot_files& snapshots,
                   quorum_listener& listener,
                   std::function<void(std::string)> failed)
    : log_(log), snapshots_(snapshots), listener_(listener), failed_(std::move(failed)) {}

void delivery::committed(raft::offset to) {
    committed_ = std::max(committed_, to);
    changed_.notify_all();
}

void delivery::load(raft::snapshot_id snapshot) {
    snapshot_ = snapshot;
    committed_ = std::max(committed_, snapshot.end);
    changed_.notify_all();
}

void delivery::ready(raft::leader_epoch epoch, raft::offset log_end) {
    ready_ = {epoch, log_end};
    changed_.notify_all();
}

void delivery::leadership_lost(raft::leader_epoch epoch) {
    if (std::exchange(ready_, std::nullopt)) return;
    news_.emplace_back(raft::leadership_lost{epoch});
    happened_.notify_all();
}

void delivery::leader_changed(raft::leader_changed what) {
    news_.emplace_back(what);
    happened_.notify_all();
}

void delivery::failed(std::string why) {
    broken_ = true;
    ready_.reset();
    news_.emplace_back(failure{std::move(why)});
    happened_.notify_all();
}

runtime::awaitable<void> delivery::run_at_once() {
    for (;;) {
        if (news_.empty()) {
            co_await happened_.wait();
            continue;
        }
        const news next = std::move(news_.front());
        news_.pop_front();
        tell(next);
    }
}

void delivery::tell(const news& what) {
    if (const auto* lost = std::get_if<raft::leadership_lost>(&what)) {
        listener_.leadership_lost(lost->epoch);
    } else if (const auto* changed = std::get_if<raft::leader_changed>(&what)) {
        listener_.leader_changed(changed->epoch, changed->leader);
    } else {
        listener_.failed(std::get<failure>(what).why);
    }
}

runtime::awaitable<void> delivery::run_in_order() {
    for (;;) {
        if (!broken_ && snapshot_) {
            co_await load_snapshot(*snapshot_);
        } else if (!broken_ && ready_ && ready_->log_end <= applied_) {
            const waiting_leadership won = *ready_;
            ready_.reset();
            listener_.ready(won.epoch, won.log_end);
        } else if (broken_ || applied_ >= committed_ || !co_await apply_next()) {
            co_await changed_.wait();
        }
    }
}

runtime::awaitable<void> delivery::load_snapshot(raft::snapshot_id id) {
    const auto bytes = co_await snapshots_.read(id);
    // A newer one may have taken its place, and its file is gone.
    if (snapshot_ != id) co_return;
    if (!bytes) {
        broken_ = true;
        co_return failed_(fmt::format(
            "cannot read {}: {}", raft::wire::snapshot_file_name(id), describe(bytes.error())));
    }
    auto content = decode_snapshot(*bytes);
    if (!content) {
        broken_ = true;
        co_return failed_(raft::wire::snapshot_file_name(id) + " is damaged: " + content.error());
    }
    snapshot_.reset();
    co_await listener_.load({.id = id, .frames = std::move(content->frames)});
    applied_ = id.end;
}

/// False if there is nothing to be had just now: the log is being replaced by a snapshot, which
/// will be announced.
runtime::awaitable<bool> delivery::apply_next() {
    const raft::offset from = applied_;
    const auto bytes =
        co_await log_.read_bytes({.from = from, .max_bytes = apply_bytes, .bound = committed_});
    if (snapshot_ || broken_) co_return true;
    const bool is_gone =
        bytes ? bytes->empty() : bytes.error() == storage::errc::offset_out_of_range;
    if (is_gone) co_return false;
    auto batches = bytes ? raft::wire::decode_batches(*bytes)
                         : std::unexpected(kafka::records::errc::truncated);
    if (!batches || batches->empty() || batches->front().base != from) {
        broken_ = true;
        failed_(fmt::format("cannot read the metadata log at {}", from));
        co_return true;
    }
    const raft::offset end = batches->back().end();
    co_await listener_.apply(to_committed(*std::move(batches)));
    applied_ = end;
    co_return true;
}

}  // namespace verdikt::broker::quorum
