#include "checker/compaction/keyed_records.h"

#include <algorithm>

namespace verdikt::checker::compaction {

keyed_records::keyed_records(const recording& history, std::vector<std::uint32_t> records)
    : history_(history) {
    for (const std::uint32_t each : records) {
        const record& one = history.records()[each];
        if (!one.was_sent) continue;
        if (one.offset != unknown_offset) {
            placed_.push_back(each);
        } else if (one.type != history::op_type::fail) {
            unplaced_.push_back(each);
        }
    }
    std::ranges::sort(placed_, {}, [&](std::uint32_t each) {
        return std::pair(history.records()[each].offset, each);
    });
    first_begun_.resize(placed_.size());
    std::uint32_t first = none;
    for (std::size_t at = placed_.size(); at-- > 0;) {
        first = std::min(first, history.records()[placed_[at]].when.begun);
        first_begun_[at] = first;
    }
}

std::uint32_t keyed_records::newest_below(std::int64_t end) const {
    const auto above = std::ranges::lower_bound(
        placed_, end, {}, [this](std::uint32_t each) { return history_.records()[each].offset; });
    return above == placed_.begin() ? none : *std::prev(above);
}

displaced keyed_records::displaced_in(const scan& by) const {
    const auto above = std::ranges::lower_bound(placed_, by.end, {}, [this](std::uint32_t each) {
        return history_.records()[each].offset;
    });
    if (above != placed_.end()) {
        const auto at = static_cast<std::size_t>(above - placed_.begin());
        if (first_begun_[at] < by.when.ended) return displaced::yes;
    }
    displaced found = displaced::no;
    for (const std::uint32_t each : unplaced_) {
        const span_of_lines& when = history_.records()[each].when;
        if (when.begun >= by.when.ended) continue;
        if (when.ended > by.when.begun) return displaced::yes;
        found = displaced::hardly;
    }
    return found;
}

std::vector<std::map<std::uint32_t, keyed_records>> group_by_key(const recording& history) {
    std::vector<std::map<std::uint32_t, std::vector<std::uint32_t>>> groups(history.rules().size());
    for (std::uint32_t each = 0; each < history.records().size(); ++each) {
        const record& one = history.records()[each];
        groups[one.partition][one.key].push_back(each);
    }
    std::vector<std::map<std::uint32_t, keyed_records>> all(groups.size());
    for (std::size_t partition = 0; partition < groups.size(); ++partition) {
        for (auto& [key, records] : groups[partition]) {
            all[partition].try_emplace(key, history, std::move(records));
        }
    }
    return all;
}

}  // namespace verdikt::checker::compaction
