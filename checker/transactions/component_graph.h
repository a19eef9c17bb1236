/// One strongly connected component as a graph of its own, and the ways through it.
#pragma once

#include "checker/graph/digraph.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace verdikt::checker::transactions {

using node = std::uint32_t;

class component_graph {
  public:
    /// Requires: `nodes` are sorted; `numbers` has a place for every node of the graph and is used
    /// for as long as this runs only.
    component_graph(const graph::digraph& whole,
                    const std::vector<std::uint32_t>& nodes,
                    std::uint32_t transactions,
                    std::vector<std::uint32_t>& numbers);

    [[nodiscard]] std::uint32_t size() const { return arcs_.size(); }
    [[nodiscard]] const graph::digraph& arcs() const { return arcs_; }
    /// Transactions stand before what only passes an order on.
    [[nodiscard]] bool is_transaction(node which) const { return which < transactions_; }
    [[nodiscard]] std::uint32_t transactions() const { return transactions_; }
    [[nodiscard]] std::uint32_t original(node which) const { return nodes_[which]; }

    /// May an arc be followed by those reasons? From what only passes an order on always.
    [[nodiscard]] bool allows(node from, const graph::arc& one, graph::reasons allowed) const {
        return !is_transaction(from) || (one.why & allowed) != 0;
    }

    /// Of each node the component by arcs of those reasons, numbered from 1, if there are two
    /// transactions in it; 0 otherwise.
    [[nodiscard]] std::vector<std::uint32_t> parts(graph::reasons allowed) const;

    /// Of each node its place in an order that such arcs do not go against, nodes of one circle
    /// having the same; as near to the order of numbers as it can be.
    [[nodiscard]] std::vector<std::uint32_t> topological(graph::reasons allowed) const;

  private:
    std::vector<std::uint32_t> nodes_;
    std::uint32_t transactions_ = 0;
    graph::digraph arcs_;
};

/// Searches ways, again and again, in memory that is taken once.
class way_search {
  public:
    explicit way_search(const component_graph& component);

    /// Follow only arcs to nodes whose `place` is at most `place_max`; all where `place` is null.
    struct window {
        const std::vector<std::uint32_t>* place = nullptr;
        std::uint32_t place_max = 0;
    };
    /// The nodes of a way with the fewest transactions, both ends included.
    [[nodiscard]] std::optional<std::vector<node>> find(node from,
                                                        node to,
                                                        graph::reasons allowed,
                                                        window within);
    /// How many arcs were looked at so far.
    [[nodiscard]] std::uint64_t arcs_seen() const { return arcs_seen_; }

  private:
    [[nodiscard]] std::vector<node> way_back(node from, node to) const;

    const component_graph& component_;
    std::vector<node> came_from_;
    std::vector<std::uint32_t> distance_;
    /// The search in which the two above were set; what is older means nothing.
    std::vector<std::uint32_t> reached_in_;
    std::uint32_t search_ = 0;
    std::uint64_t arcs_seen_ = 0;
};

}  // namespace verdikt::checker::transactions
