#include "tests/sim/raft/toy_disk.h"

#include "runtime/check.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace verdikt::broker::raft {

std::vector<std::byte> toy_snapshot::bytes() const {
    constexpr std::size_t copies = 16;
    const std::array<std::uint64_t, 3> words{static_cast<std::uint64_t>(id.end.value()),
                                             static_cast<std::uint64_t>(id.epoch.value()),
                                             digest};
    std::vector<std::byte> all(copies * sizeof(words));
    for (std::size_t copy = 0; copy < copies; ++copy)
        std::memcpy(all.data() + copy * sizeof(words), words.data(), sizeof(words));
    return all;
}

const batch* toy_log::ending_at(offset end) const {
    const auto found = std::ranges::lower_bound(batches, end, {}, &batch::end);
    return found != batches.end() && found->end() == end ? &*found : nullptr;
}

bool toy_log::holds(const log_position& position) const {
    if (position.end <= start.end) return true;
    const batch* last = ending_at(position.end);
    return last != nullptr && last->epoch == position.epoch;
}

void toy_disk::apply(const operation& what, toy_log& log) {
    if (const auto* next = std::get_if<batch>(&what)) {
        CHECK(next->base == log.end(), "batch {} at end {}", next->base, log.end());
        log.batches.push_back(*next);
    } else if (const auto* shorter = std::get_if<cut>(&what)) {
        std::erase_if(log.batches, [&](const batch& each) { return each.base >= shorter->to; });
        CHECK(log.end() == shorter->to, "the log is cut within a batch");
    } else {
        const snapshot_id to = std::get<trimming>(what).to;
        std::erase_if(log.batches, [&](const batch& each) { return each.base < to.end; });
        std::erase_if(log.snapshots,
                      [&](const toy_snapshot& each) { return each.id.end < to.end; });
        log.start = to;
    }
}

void toy_disk::make(operation what) {
    apply(what, written_);
    pending_.push_back(std::move(what));
}

void toy_disk::append(const std::vector<batch>& batches) {
    for (const batch& each : batches) make(each);
}

void toy_disk::truncate(offset to) {
    make(cut{to});
}

void toy_disk::trim(const snapshot_id& to) {
    make(trimming{to});
}

void toy_disk::end_sync(std::size_t operations) {
    if (deceit_ == deceit::forgets_synced_records) return;
    for (std::size_t done = 0; done < operations; ++done) {
        apply(pending_.front(), durable_);
        pending_.pop_front();
    }
}

void toy_disk::end_persist() {
    CHECK(!states_.empty());
    if (deceit_ != deceit::forgets_votes) state_ = states_.front();
    states_.pop_front();
}

void toy_disk::save(const toy_snapshot& taken) {
    written_.snapshots.push_back(taken);
    durable_.snapshots.push_back(taken);
}

void toy_disk::install(const toy_snapshot& fetched) {
    pending_.clear();
    written_ = {.start = fetched.id, .batches = {}, .snapshots = {fetched}};
    durable_ = written_;
}

toy_disk::losses toy_disk::crash(runtime::random_source& chance) {
    losses lost;
    // What is under way has perhaps arrived: often all of it, often nothing.
    while (!pending_.empty() && chance.chance(0.6)) {
        apply(pending_.front(), durable_);
        pending_.pop_front();
    }
    while (!states_.empty() && deceit_ != deceit::forgets_votes && chance.chance(0.5)) {
        state_ = states_.front();
        states_.pop_front();
    }
    lost.records = !pending_.empty();
    lost.state = !states_.empty();
    pending_.clear();
    states_.clear();
    written_ = durable_;
    return lost;
}

stored_replica toy_disk::recover() {
    toy_log& log = durable_;
    if (!log.snapshots.empty() && !log.holds(log.snapshots.back().id)) {
        // The crash came between a fetched snapshot and the log that was to start at it.
        log = {
            .start = log.snapshots.back().id, .batches = {}, .snapshots = {log.snapshots.back()}};
    } else if (log.snapshots.size() > 1) {
        apply(trimming{log.snapshots[log.snapshots.size() - 2].id}, log);
    }
    written_ = log;
    const bool starts_anew = log.start.end == offset(0);
    log_picture picture(starts_anew ? configured_ : log.snapshots.front().voters, log.start);
    for (const batch& each : log.batches) picture.append(each);
    stored_replica found{.state = state_, .log = std::move(picture)};
    for (const toy_snapshot& each : log.snapshots) {
        found.snapshots.push_back({each.id, static_cast<std::int64_t>(each.bytes().size())});
    }
    return found;
}

}  // namespace verdikt::broker::raft
