/// Cycles in a dependency graph, found within one strongly connected component.
#pragma once

#include "checker/graph/digraph.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace verdikt::checker::graph {

/// Nodes of a cycle in order, each once; the last precedes the first.
using cycle = std::vector<std::uint32_t>;

/// Searches one component again and again with different rules. The graph must outlive it.
class cycle_search {
  public:
    /// Requires: `nodes` are sorted.
    cycle_search(const digraph& graph, std::vector<std::uint32_t> nodes);

    /// A shortest way from one node to the other by such arcs, both included.
    [[nodiscard]] std::optional<std::vector<std::uint32_t>> path(std::uint32_t from,
                                                                 std::uint32_t to,
                                                                 reasons allowed);

    /// A cycle of `allowed` arcs that has one of `first` in it, as its first step; shortest from
    /// there. The rest may have such arcs too.
    [[nodiscard]] std::optional<cycle> with_one(reasons first, reasons allowed);

    [[nodiscard]] const std::vector<std::uint32_t>& nodes() const { return nodes_; }
    /// Where a node stands in `nodes()`, or the number of nodes if it is not of the component.
    [[nodiscard]] std::size_t position_of(std::uint32_t node) const;

  private:
    const digraph& graph_;
    std::vector<std::uint32_t> nodes_;
};

}  // namespace verdikt::checker::graph
