#include "tests/sim/quorum/state_machine.h"

#include "runtime/check.h"
#include "runtime/sim/trace.h"

#include <cstring>
#include <utility>

namespace verdikt::tests {
namespace {

using broker::quorum::committed_batch;
using broker::quorum::frame;

/// So large that a snapshot travels in several pieces.
constexpr std::size_t snapshot_frames = 6;
constexpr std::size_t snapshot_frame_bytes = 400;

digest after(digest before, const committed_batch& batch) {
    return (before ^ runtime::sim::hash_bytes(*batch.bytes)) * 0x100000001b3U + 1;
}

}  // namespace

runtime::awaitable<void> state_machine::load(broker::quorum::loaded_snapshot from) {
    CHECK(from.frames.size() == snapshot_frames, "{} frames", from.frames.size());
    std::memcpy(&state_, from.frames.front().data(), sizeof(state_));
    judge_.loads(node_, from.id, state_);
    (position_.end == raft::offset(0) ? counts_.snapshots_found : counts_.snapshots_fetched) += 1;
    position_ = from.id;
    changed_.notify_all();
    co_return;
}

runtime::awaitable<void> state_machine::apply(std::vector<committed_batch> batches) {
    for (const committed_batch& each : batches) {
        CHECK(each.base == position_.end, "a gap between {} and {}", position_.end, each.base);
        state_ = after(state_, each);
        judge_.applies(node_, each, state_);
        position_ = {each.epoch, each.end()};
    }
    changed_.notify_all();
    co_return;
}

void state_machine::ready(raft::leader_epoch epoch, raft::offset log_end) {
    CHECK(!leading_, "ready twice");
    CHECK(position_.end >= log_end, "ready at {} having applied {}", log_end, position_.end);
    judge_.is_ready(node_, epoch, log_end);
    leading_ = epoch;
    ++counts_.elected;
    changed_.notify_all();
}

void state_machine::leadership_lost(raft::leader_epoch epoch) {
    CHECK(leading_ == epoch, "a leadership that there was not is lost");
    leading_.reset();
    ++counts_.leaderships_lost;
    changed_.notify_all();
}

void state_machine::leader_changed(raft::leader_epoch epoch, std::optional<raft::node_id> leader) {
    judge_.takes_part(node_, epoch, leader);
}

void state_machine::failed(std::string_view) {
    failed_ = true;
    ++counts_.disk_failures;
    changed_.notify_all();
}

std::vector<frame> state_machine::snapshot() const {
    std::vector<frame> frames(snapshot_frames, frame(snapshot_frame_bytes));
    std::memcpy(frames.front().data(), &state_, sizeof(state_));
    return frames;
}

}  // namespace verdikt::tests
