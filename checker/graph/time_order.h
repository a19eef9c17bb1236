/// The order of real time as arcs, in numbers that grow with the history and not with its square.
///
/// "Ended before the other began" holds between nearly all pairs of operations. Instead of all of
/// them, each moment at which operations ended becomes a node of its own: an operation leads to the
/// moment of its end, a moment to the next one, and the last moment before an operation begins
/// leads to that operation.
#pragma once

#include "checker/graph/digraph.h"

#include <cstdint>
#include <span>
#include <vector>

namespace verdikt::checker::graph {

inline constexpr std::uint32_t never = 0xFFFFFFFF;

struct interval {
    /// The line of the history on which it began.
    std::uint32_t begun;
    /// And ended; `never` for one whose end nobody knows, which precedes nothing.
    std::uint32_t ended;
};

/// Adds the arcs; returns how many nodes there are then, moments behind the operations. Node number
/// i has interval i.
[[nodiscard]] std::uint32_t add_time_order(std::span<const interval> operations,
                                           std::vector<edge>& edges);

}  // namespace verdikt::checker::graph
