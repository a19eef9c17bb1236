/// Cycles in which no two rw arcs follow each other.
///
/// They are the circles of a graph with two nodes for each transaction: one for those who come by
/// an rw arc, from which no other such arc leads on, and one for all others. A circle there may
/// pass a transaction twice; it then falls into two, of which one keeps the property at least.
#pragma once

#include "checker/transactions/anomaly_cycles.h"
#include "checker/transactions/component_graph.h"

namespace verdikt::checker::transactions {

/// A reader's arc to a writer that nothing else of the data explains.
[[nodiscard]] inline bool is_antidependency(graph::reasons why) {
    return (why & graph::rw) != 0 && (why & (graph::ww | graph::wr)) == 0;
}

/// Of those reasons the one that says most.
[[nodiscard]] graph::reasons strongest_of(graph::reasons why);

/// A cycle of transactions, each once, with two rw arcs or more, none next to another, all others
/// of `others`; empty if none was found. Where every cycle has two rw arcs, none is overlooked.
[[nodiscard]] std::vector<cycle_step> find_nonadjacent_cycle(const component_graph& component,
                                                             graph::reasons others);

}  // namespace verdikt::checker::transactions
