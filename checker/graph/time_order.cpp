#include "checker/graph/time_order.h"

#include <algorithm>

namespace verdikt::checker::graph {

namespace {

struct point {
    std::uint32_t line;
    std::uint32_t node;
    bool ends;
};

}  // namespace

std::uint32_t add_time_order(std::span<const interval> operations, std::vector<edge>& edges) {
    std::vector<point> points;
    points.reserve(2 * operations.size());
    for (std::uint32_t node = 0; node < operations.size(); ++node) {
        points.push_back({operations[node].begun, node, false});
        if (operations[node].ended != never) points.push_back({operations[node].ended, node, true});
    }
    std::ranges::sort(points, {}, &point::line);
    auto moments = static_cast<std::uint32_t>(operations.size());
    // Ends that no beginning parts share a moment.
    bool open = false;
    bool any = false;
    for (const point& one : points) {
        if (one.ends) {
            if (!open && any) edges.push_back({moments - 1, moments, realtime});
            if (!open) ++moments;
            open = any = true;
            edges.push_back({one.node, moments - 1, realtime});
        } else {
            if (any) edges.push_back({moments - 1, one.node, realtime});
            open = false;
        }
    }
    return moments;
}

}  // namespace verdikt::checker::graph
