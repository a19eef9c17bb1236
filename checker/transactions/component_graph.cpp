#include "checker/transactions/component_graph.h"

#include "runtime/check.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <limits>
#include <queue>

namespace verdikt::checker::transactions {

namespace {

constexpr std::uint32_t outside = std::numeric_limits<std::uint32_t>::max();

graph::digraph part_of(const graph::digraph& whole,
                       const std::vector<std::uint32_t>& nodes,
                       std::vector<std::uint32_t>& numbers) {
    for (node local = 0; local < nodes.size(); ++local) numbers[nodes[local]] = local;
    const auto inside = [&](std::uint32_t original) {
        const std::uint32_t local = numbers[original];
        return local < nodes.size() && nodes[local] == original;
    };
    return graph::digraph::of(static_cast<std::uint32_t>(nodes.size()), [&](const auto& take) {
        for (node from = 0; from < nodes.size(); ++from) {
            for (const graph::arc& one : whole.from(nodes[from])) {
                if (inside(one.to)) take(graph::edge{from, numbers[one.to], one.why});
            }
        }
    });
}

}  // namespace

component_graph::component_graph(const graph::digraph& whole,
                                 const std::vector<std::uint32_t>& nodes,
                                 std::uint32_t transactions,
                                 std::vector<std::uint32_t>& numbers)
    : nodes_(nodes),
      transactions_(static_cast<std::uint32_t>(std::ranges::lower_bound(nodes, transactions) -
                                               nodes.begin())),
      arcs_(part_of(whole, nodes, numbers)) {}

std::vector<std::uint32_t> component_graph::parts(graph::reasons allowed) const {
    std::vector<std::uint32_t> part(size(), 0);
    std::uint32_t number = 0;
    for (const auto& nodes : graph::components(arcs_, allowed)) {
        // They are sorted.
        if (nodes.size() < 2 || !is_transaction(nodes[1])) continue;
        ++number;
        for (const node one : nodes) part[one] = number;
    }
    return part;
}

// Kahn, 1962, over the circles as single nodes; of those that may come next the one with the lowest
// number does, and what only passes an order on comes at once.
std::vector<std::uint32_t> component_graph::topological(graph::reasons allowed) const {
    std::vector<node> circle(size());
    for (node one = 0; one < size(); ++one) circle[one] = one;
    std::vector<std::vector<node>> circles = graph::components(arcs_, allowed);
    for (const auto& nodes : circles) {
        for (const node one : nodes) circle[one] = nodes.front();
    }
    std::vector<std::uint32_t> before(size(), 0);
    const auto for_each_arc = [&](node from, const auto& take) {
        for (const graph::arc& one : arcs_.from(from)) {
            const node to = circle[one.to];
            if (allows(from, one, allowed) && to != circle[from]) take(to);
        }
    };
    for (node one = 0; one < size(); ++one) for_each_arc(one, [&](node to) { ++before[to]; });
    const auto key = [this](node one) { return is_transaction(one) ? one + 1 : 0; };
    using entry = std::pair<std::uint32_t, node>;
    std::priority_queue<entry, std::vector<entry>, std::greater<>> next;
    for (node one = 0; one < size(); ++one) {
        if (circle[one] == one && before[one] == 0) next.emplace(key(one), one);
    }
    std::ranges::sort(circles, {}, [](const auto& nodes) { return nodes.front(); });
    std::vector<std::uint32_t> place(size(), outside);
    std::uint32_t places = 0;
    while (!next.empty()) {
        const node first = next.top().second;
        next.pop();
        const auto found = std::ranges::lower_bound(
            circles, first, {}, [](const auto& nodes) { return nodes.front(); });
        const bool alone = found == circles.end() || found->front() != first;
        const std::span<const node> together =
            alone ? std::span(&first, 1) : std::span<const node>(*found);
        for (const node one : together) {
            place[one] = places;
            for_each_arc(one, [&](node to) {
                if (--before[to] == 0) next.emplace(key(to), to);
            });
        }
        ++places;
    }
    return place;
}

way_search::way_search(const component_graph& component)
    : component_(component),
      came_from_(component.size()),
      distance_(component.size()),
      reached_in_(component.size(), 0) {}

std::optional<std::vector<node>> way_search::find(node from,
                                                  node to,
                                                  graph::reasons allowed,
                                                  window within) {
    ++search_;
    // Leaving a transaction costs one, leaving anything else nothing.
    std::deque<node> queue{from};
    reached_in_[from] = search_;
    distance_[from] = 0;
    came_from_[from] = from;
    while (!queue.empty()) {
        const node here = queue.front();
        queue.pop_front();
        if (here == to) return way_back(from, to);
        const std::uint32_t cost = component_.is_transaction(here) ? 1 : 0;
        for (const graph::arc& one : component_.arcs().from(here)) {
            ++arcs_seen_;
            if (!component_.allows(here, one, allowed)) continue;
            if (within.place != nullptr && (*within.place)[one.to] > within.place_max) continue;
            const std::uint32_t distance = distance_[here] + cost;
            if (reached_in_[one.to] == search_ && distance_[one.to] <= distance) continue;
            reached_in_[one.to] = search_;
            distance_[one.to] = distance;
            came_from_[one.to] = here;
            if (cost == 0) {
                queue.push_front(one.to);
            } else {
                queue.push_back(one.to);
            }
        }
    }
    return std::nullopt;
}

std::vector<node> way_search::way_back(node from, node to) const {
    std::vector<node> way{to};
    while (way.back() != from) way.push_back(came_from_[way.back()]);
    std::ranges::reverse(way);
    return way;
}

}  // namespace verdikt::checker::transactions
