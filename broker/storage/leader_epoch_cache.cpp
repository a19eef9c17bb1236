#include "broker/storage/leader_epoch_cache.h"

#include "runtime/check.h"

#include <algorithm>
#include <functional>

namespace verdikt::broker::storage {

leader_epoch_cache::leader_epoch_cache(const std::vector<epoch_start>& entries) {
    for (const epoch_start& entry : entries) assign(entry.epoch, entry.start);
}

bool leader_epoch_cache::assign(kafka::leader_epoch epoch, kafka::offset start) {
    if (epoch <= latest()) return false;
    truncate_from_end(start);
    entries_.push_back({.epoch = epoch, .start = start});
    return true;
}

bool leader_epoch_cache::truncate_from_end(kafka::offset end) {
    return std::erase_if(entries_, [&](const epoch_start& e) { return e.start >= end; }) > 0;
}

bool leader_epoch_cache::truncate_from_start(kafka::offset start) {
    const auto after = std::ranges::upper_bound(entries_, start, {}, &epoch_start::start);
    if (after == entries_.begin()) return false;
    const auto covering = std::prev(after);
    if (covering == entries_.begin() && covering->start == start) return false;
    covering->start = start;
    entries_.erase(entries_.begin(), covering);
    return true;
}

kafka::leader_epoch leader_epoch_cache::latest() const {
    return entries_.empty() ? kafka::no_leader_epoch : entries_.back().epoch;
}

kafka::leader_epoch leader_epoch_cache::epoch_of(kafka::offset offset) const {
    const auto after = std::ranges::upper_bound(entries_, offset, {}, &epoch_start::start);
    return after == entries_.begin() ? kafka::no_leader_epoch : std::prev(after)->epoch;
}

std::optional<epoch_end> leader_epoch_cache::end_offset_for(kafka::leader_epoch epoch,
                                                            kafka::offset log_end) const {
    if (epoch < kafka::leader_epoch(0) || epoch > latest()) return std::nullopt;
    if (epoch == latest()) return epoch_end{.epoch = epoch, .end_offset = log_end};
    const auto higher = std::ranges::upper_bound(entries_, epoch, {}, &epoch_start::epoch);
    // Older than all that is left: it ends where the oldest known one starts.
    const auto known = higher == entries_.begin() ? epoch : std::prev(higher)->epoch;
    return epoch_end{.epoch = known, .end_offset = higher->start};
}

void leader_epoch_cache::check_invariants() const {
    const auto rises = [](const epoch_start& before, const epoch_start& after) {
        return before.epoch < after.epoch && before.start < after.start;
    };
    CHECK(std::ranges::adjacent_find(entries_, std::not_fn(rises)) == entries_.end());
}

}  // namespace verdikt::broker::storage
