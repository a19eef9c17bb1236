#include "checker/exactly_once/evidence.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::checker::exactly_once {

evidence::evidence(const recording& seen, const settings& wanted)
    : history(seen),
      asked(wanted),
      first_(seen.inputs.size() + 1, 0),
      known_since_(seen.attempts.size(), never),
      shown_by_(seen.attempts.size(), -1) {
    for (const output& one : seen.outputs) ++first_[one.input + 1];
    for (std::size_t at = 1; at < first_.size(); ++at) first_[at] += first_[at - 1];
    for (std::uint32_t row = 0; row < seen.attempts.size(); ++row) {
        if (seen.attempts[row].type != history::op_type::ok) continue;
        known_since_[row] = seen.attempts[row].ended;
        shown_by_[row] = seen.index_of(seen.attempts[row]);
    }
    for (const output& one : seen.outputs) {
        if (one.attempt == none || one.is_read == 0) continue;
        const history::op_type type = seen.attempts[one.attempt].type;
        if (shown_by_[one.attempt] < 0) shown_by_[one.attempt] = seen.index_of(one.line);
        // What failed and is seen all the same is another anomaly (G1a), and proves nothing of the
        // offsets.
        if (type != history::op_type::info || one.line >= known_since_[one.attempt]) continue;
        known_since_[one.attempt] = one.line;
        shown_by_[one.attempt] = seen.index_of(one.line);
    }
}

std::string evidence::operation(std::uint32_t attempt) const {
    return fmt::format("operation {}", history.index_of(history.attempts[attempt]));
}

std::vector<log_place> evidence::places(std::uint32_t input) const {
    std::vector<log_place> found;
    const auto add = [&](std::uint32_t partition, std::int64_t offset) {
        if (partition == none || offset < 0) return;
        const log_place place{history.partitions.text_of(partition), offset};
        if (std::ranges::find(found, place) == found.end()) found.push_back(place);
    };
    add(history.inputs[input].partition, history.inputs[input].offset);
    for (const output& one : outputs_of(input)) add(one.partition, one.offset);
    return found;
}

std::vector<std::int64_t> in_order(std::vector<std::int64_t> indexes) {
    std::erase_if(indexes, [](std::int64_t index) { return index < 0; });
    std::ranges::sort(indexes);
    indexes.erase(std::ranges::unique(indexes).begin(), indexes.end());
    return indexes;
}

}  // namespace verdikt::checker::exactly_once
