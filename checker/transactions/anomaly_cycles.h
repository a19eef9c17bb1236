/// Cycles of transactions, and which of Adya's anomalies each of them is.
///
/// Nodes of the graph below `transactions` are transactions; the others only pass an order on (a
/// moment of time, or what stands between many readers and many writers) and count for nothing: the
/// reason of an arc that leaves a transaction is the reason for the next transaction on the way.
///
/// Within each strongly connected component of the whole graph each anomaly is reported once, by a
/// short cycle, and only where nothing found there is a case of it: `G0` is a `G1c` and
/// `G0-realtime` too, `G-single-item` is a `G-nonadjacent-item`, which is a `G2-item`. What is not
/// reported so does not exist in that component, unless `undecided()` says otherwise.
///
/// How each is decided, with D the arcs ww and wr, and those of the order asked for in a variant:
/// `G0` and `G1c` by components; `G-single-item` by a way from the end of an rw arc to its
/// beginning through D, searched only between the two in a topological order of D; then
/// `G-nonadjacent-item` by components of the graph whose nodes are (transaction, whether an rw arc
/// led there); then `G2-item` by any rw arc within a component. Whoever finds one of the later
/// ones knows that the ones before are absent, so a shortest way closes a cycle with as many rw
/// arcs as the name asks for.
#pragma once

#include "checker/graph/digraph.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace verdikt::checker::transactions {

struct cycle_step {
    std::uint32_t from;
    std::uint32_t to;
    /// One of them.
    graph::reasons why;
};

struct anomaly_cycle {
    std::string_view name;
    /// Each ends where the next begins.
    std::vector<cycle_step> steps;
};

struct cycle_findings {
    std::vector<anomaly_cycle> cycles;
    /// Components whose search was given up after `arcs_max`: all that was found is there, but a
    /// worse anomaly may be as well.
    std::uint64_t undecided = 0;
};

/// Arcs that one component's search may look at beyond what grows with its size.
inline constexpr std::uint64_t search_arcs_max = 200'000'000;

/// `order` is `graph::realtime`, `graph::process` or 0, as in the graph.
[[nodiscard]] cycle_findings find_anomaly_cycles(const graph::digraph& graph,
                                                 std::uint32_t transactions,
                                                 graph::reasons order);

}  // namespace verdikt::checker::transactions
