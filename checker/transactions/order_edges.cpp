#include "checker/transactions/order_edges.h"

#include <algorithm>
#include <tuple>

namespace verdikt::checker::transactions {

namespace {

// A row without arcs of its own can be in no cycle, so what failed does no harm.
graph::time_order times_of(const recording& history) {
    std::vector<graph::interval> intervals;
    intervals.reserve(history.rows().size());
    for (const row& one : history.rows()) {
        intervals.push_back({one.begun, one.ok() ? one.ended : graph::never});
    }
    return graph::time_order(intervals);
}

}  // namespace

order_edges::order_edges(const recording& history, graph::reasons order) {
    if (order == graph::realtime) time_.emplace(times_of(history));
    if (order != graph::process) return;
    before_.assign(history.rows().size(), none);
    std::vector<std::uint32_t> last(history.processes(), none);
    for (std::uint32_t at = 0; at < before_.size(); ++at) {
        const row& one = history.rows()[at];
        if (!one.ok()) continue;
        before_[at] = last[one.process];
        last[one.process] = at;
    }
}

std::uint32_t crowd::place_of(std::uint32_t row) const {
    const auto found = std::ranges::lower_bound(writers_, row);
    if (found == writers_.end() || *found != row) return none;
    return static_cast<std::uint32_t>(found - writers_.begin());
}

void rows_by_key::fill(std::vector<pair> pairs) {
    std::ranges::sort(pairs, {}, [](const pair& one) { return std::tie(one.key, one.row); });
    const auto rest =
        std::ranges::unique(pairs, {}, [](const pair& one) { return std::tie(one.key, one.row); });
    pairs.erase(rest.begin(), rest.end());
    rows_.reserve(pairs.size());
    for (const pair& one : pairs) {
        ++begins_[one.key + 1];
        rows_.push_back(one.row);
    }
    for (std::size_t key = 1; key < begins_.size(); ++key) begins_[key] += begins_[key - 1];
}

}  // namespace verdikt::checker::transactions
