#include "broker/raft/log_picture.h"

#include "runtime/check.h"

#include <algorithm>
#include <ranges>

namespace verdikt::broker::raft {

log_picture::log_picture(voter_set voters, log_position start) : start_(start), end_(start.end) {
    // A snapshot's voters were once a record below its end; which one no longer matters.
    const auto at = start.end > offset(0) ? std::optional(start.end.previous()) : std::nullopt;
    voters_.emplace_back(at, std::move(voters));
}

leader_epoch log_picture::last_epoch() const {
    return epochs_.empty() ? start_.epoch : epochs_.back().epoch;
}

log_position log_picture::end_of(leader_epoch epoch) const {
    const auto after = std::ranges::upper_bound(epochs_, epoch, {}, &epoch_start::epoch);
    if (after == epochs_.begin()) return start_;
    return {std::prev(after)->epoch, after == epochs_.end() ? end_ : after->at};
}

leader_epoch log_picture::epoch_before(offset end) const {
    CHECK(start_.end <= end && end <= end_, "{} is not in [{}, {}]", end, start_.end, end_);
    const auto after = std::ranges::lower_bound(epochs_, end, {}, &epoch_start::at);
    return after == epochs_.begin() ? start_.epoch : std::prev(after)->epoch;
}

const voter_set& log_picture::voters_before(offset end) const {
    for (const auto& [at, voters] : std::views::reverse(voters_)) {
        if (!at || *at < end) return voters;
    }
    return voters_.front().second;
}

bool log_picture::continues(const batch& next) const {
    return next.base == end_ && next.record_count > 0 && next.epoch >= last_epoch() &&
           next.epoch > epoch_before_all;
}

void log_picture::append(const batch& next) {
    CHECK(continues(next), "batch {} of epoch {} at end {}", next.base, next.epoch, end_);
    if (epochs_.empty() || epochs_.back().epoch < next.epoch)
        epochs_.push_back({next.epoch, next.base});
    if (const auto* voters = std::get_if<voter_set>(&next.content))
        voters_.emplace_back(next.base, *voters);
    end_ = next.end();
}

void log_picture::truncate(offset to) {
    CHECK(start_.end <= to && to <= end_, "{} is not in [{}, {}]", to, start_.end, end_);
    end_ = to;
    while (!epochs_.empty() && epochs_.back().at >= to) epochs_.pop_back();
    while (voters_.size() > 1 && *voters_.back().first >= to) voters_.pop_back();
}

void log_picture::trim(const log_position& to) {
    CHECK(epoch_before(to.end) == to.epoch, "epoch {} does not end before {}", to.epoch, to.end);
    const auto kept = std::ranges::upper_bound(epochs_, to.end, {}, &epoch_start::at);
    // The epoch that spans the new start now starts there, unless it has no record left.
    if (kept != epochs_.begin()) {
        const auto spanning = std::prev(kept);
        spanning->at = to.end;
        epochs_.erase(epochs_.begin(), end_ == to.end ? epochs_.end() : spanning);
    }
    while (voters_.size() > 1 && *voters_[1].first < to.end) voters_.erase(voters_.begin());
    start_ = to;
}

void log_picture::check_invariants() const {
    CHECK(start_.end <= end_);
    leader_epoch before = start_.epoch;
    offset at = start_.end.previous();
    for (const epoch_start& each : epochs_) {
        CHECK(each.epoch > before || (each.epoch == before && each.at == start_.end));
        CHECK(each.at > at && each.at < end_, "epoch {} at {}", each.epoch, each.at);
        before = each.epoch;
        at = each.at;
    }
    CHECK(!voters_.empty());
    for (std::size_t next = 1; next < voters_.size(); ++next) {
        CHECK(voters_[next].first && voters_[next - 1].first < voters_[next].first);
        CHECK(*voters_[next].first < end_ && *voters_[next].first >= start_.end);
    }
}

}  // namespace verdikt::broker::raft
