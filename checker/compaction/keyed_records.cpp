#include "checker/compaction/keyed_records.h"

#include <algorithm>
#include <utility>

namespace verdikt::checker::compaction {

void keyed_records::add(std::uint32_t which) {
    const record& one = history_->records()[which];
    if (!one.was_sent) return;
    if (one.offset != unknown_offset) {
        placed_.push_back(which);
    } else if (one.type != history::op_type::fail) {
        unplaced_.add({.line = one.when.begun, .value = one.when.ended});
    }
}

void keyed_records::sort() {
    std::ranges::sort(placed_, {}, [this](std::uint32_t each) {
        return std::pair(history_->records()[each].offset, each);
    });
    first_begun_.resize(placed_.size());
    std::uint32_t first = none;
    for (std::size_t at = placed_.size(); at-- > 0;) {
        first = std::min(first, history_->records()[placed_[at]].when.begun);
        first_begun_[at] = first;
    }
    unplaced_.sort();
}

std::size_t keyed_records::first_above(std::int64_t end) const {
    const auto above = std::ranges::lower_bound(
        placed_, end, {}, [this](std::uint32_t each) { return history_->records()[each].offset; });
    return static_cast<std::size_t>(above - placed_.begin());
}

std::uint32_t keyed_records::newest_below(std::int64_t end) const {
    const std::size_t above = first_above(end);
    return above == 0 ? none : placed_[above - 1];
}

displaced keyed_records::displaced_in(const scan& by) const {
    const std::size_t above = first_above(by.end);
    if (above < placed_.size() && first_begun_[above] < by.when.ended) return displaced::yes;
    const auto* const latest = unplaced_.below(by.when.ended);
    if (latest == nullptr) return displaced::no;
    return latest->value > by.when.begun ? displaced::yes : displaced::hardly;
}

std::vector<keyed_records> group_by_key(const recording& history) {
    std::vector<keyed_records> all(history.keys(), keyed_records(history));
    for (std::uint32_t each = 0; each < history.records().size(); ++each) {
        all[history.records()[each].key].add(each);
    }
    for (keyed_records& one : all) one.sort();
    return all;
}

}  // namespace verdikt::checker::compaction
