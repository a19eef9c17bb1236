#include "checker/report/rates.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace verdikt::checker::report {

std::size_t durations::range_of(std::int64_t nanoseconds) {
    const auto microseconds =
        static_cast<std::uint64_t>(std::max<std::int64_t>(nanoseconds, 0)) / 1000;
    if (microseconds < 4) return microseconds;
    const auto doublings = static_cast<std::size_t>(std::bit_width(microseconds)) - 1;
    const std::size_t quarter = microseconds >> (doublings - 2) & 3U;
    return std::min((doublings - 1) * 4 + quarter, ranges - 1);
}

void durations::add(std::int64_t nanoseconds) {
    if (in_range_.empty()) in_range_.resize(ranges);
    ++in_range_[range_of(nanoseconds)];
    ++count_;
}

void durations::add(const durations& others) {
    if (others.in_range_.empty()) return;
    if (in_range_.empty()) in_range_.resize(ranges);
    for (std::size_t at = 0; at < ranges; ++at) in_range_[at] += others.in_range_[at];
    count_ += others.count_;
}

std::int64_t durations::quantile(double part) const {
    if (count_ == 0) return 0;
    const auto rank = static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(count_)));
    std::uint64_t below = 0;
    std::size_t at = 0;
    while (at + 1 < ranges && below + in_range_[at] < rank) below += in_range_[at++];
    if (at < 4) return static_cast<std::int64_t>(at) * 1000 + 500;
    const std::size_t doublings = at / 4 + 1;
    const auto quarter = static_cast<std::int64_t>(1) << (doublings - 2);
    return ((4 + static_cast<std::int64_t>(at % 4)) * quarter + quarter / 2) * 1000;
}

void outcome_counts::add(history::op_type type) {
    if (type == history::op_type::ok) ++ok;
    if (type == history::op_type::fail) ++fail;
    if (type == history::op_type::info) ++info;
}

void outcome_counts::add(const outcome_counts& others) {
    ok += others.ok;
    fail += others.fail;
    info += others.info;
}

void rates::add(const std::string& f, history::op_type type, std::int64_t at, std::int64_t took) {
    const auto time = std::max<std::int64_t>(at, 0);
    while (time / slot_length_ >= static_cast<std::int64_t>(slots_max)) halve();
    const auto slot = static_cast<std::size_t>(time / slot_length_);
    if (slots_.size() <= slot) slots_.resize(slot + 1);
    slots_[slot].add(type);
    const bool known = kinds_.contains(f) || kinds_.size() < kinds_max;
    kind& here = kinds_[known ? f : "other"];
    here.ended.add(type);
    if (type != history::op_type::ok) return;
    here.took.add(took);
    if (here.slots.size() <= slot) here.slots.resize(slot + 1);
    here.slots[slot].add(took);
}

void rates::halve() {
    const auto merge = [](auto& all) {
        for (std::size_t at = 0; at < all.size(); ++at) {
            if (at % 2 == 1) {
                all[at / 2].add(all[at]);
            } else if (at != 0) {
                all[at / 2] = std::move(all[at]);
            }
        }
        all.resize((all.size() + 1) / 2);
    };
    merge(slots_);
    for (auto& [name, one] : kinds_) merge(one.slots);
    slot_length_ *= 2;
}

}  // namespace verdikt::checker::report
