#include "checker/graph/cycles.h"

#include <algorithm>
#include <limits>

namespace verdikt::checker::graph {

cycle_search::cycle_search(const digraph& graph, std::vector<std::uint32_t> nodes)
    : graph_(graph), nodes_(std::move(nodes)) {}

std::size_t cycle_search::position_of(std::uint32_t node) const {
    const auto found = std::ranges::lower_bound(nodes_, node);
    if (found == nodes_.end() || *found != node) return nodes_.size();
    return static_cast<std::size_t>(found - nodes_.begin());
}

std::optional<std::vector<std::uint32_t>> cycle_search::path(std::uint32_t from,
                                                             std::uint32_t to,
                                                             reasons allowed) {
    constexpr std::uint32_t unvisited = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint32_t> came_from(nodes_.size(), unvisited);
    std::vector<std::uint32_t> queue{from};
    came_from[position_of(from)] = from;
    for (std::size_t at = 0; at < queue.size() && queue[at] != to; ++at) {
        for (const arc& next : graph_.from(queue[at])) {
            if ((next.why & allowed) == 0) continue;
            const std::size_t position = position_of(next.to);
            if (position == nodes_.size() || came_from[position] != unvisited) continue;
            came_from[position] = queue[at];
            queue.push_back(next.to);
        }
    }
    if (came_from[position_of(to)] == unvisited) return std::nullopt;
    std::vector<std::uint32_t> way{to};
    while (way.back() != from) way.push_back(came_from[position_of(way.back())]);
    std::ranges::reverse(way);
    return way;
}

std::optional<cycle> cycle_search::with_one(reasons first, reasons allowed) {
    for (const std::uint32_t node : nodes_) {
        for (const arc& step : graph_.from(node)) {
            if ((step.why & first) == 0 || position_of(step.to) == nodes_.size()) continue;
            auto back = path(step.to, node, allowed);
            if (!back) continue;
            // The way back ends where the cycle begins.
            std::ranges::rotate(*back, back->end() - 1);
            return back;
        }
    }
    return std::nullopt;
}

}  // namespace verdikt::checker::graph
