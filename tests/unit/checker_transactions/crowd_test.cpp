#include "checker/transactions/order_edges.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace verdikt::checker::transactions {
namespace {

/// All that one reaches from there, by way of what is no row.
std::set<std::uint32_t> reached(const graph::digraph& graph,
                                std::uint32_t from,
                                std::uint32_t rows) {
    std::set<std::uint32_t> found;
    std::set<std::uint32_t> seen;
    std::vector<std::uint32_t> open{from};
    while (!open.empty()) {
        const std::uint32_t here = open.back();
        open.pop_back();
        for (const graph::arc& one : graph.from(here)) {
            if (one.to < rows) {
                found.insert(one.to);
            } else if (seen.insert(one.to).second) {
                open.push_back(one.to);
            }
        }
    }
    return found;
}

TEST(crowd, leads_each_reader_to_every_writer_but_himself) {
    constexpr std::uint32_t rows = 30;
    for (std::uint32_t count = 1; count < 12; ++count) {
        std::vector<std::uint32_t> writers;
        for (std::uint32_t at = 0; at < count; ++at) writers.push_back(3 + 2 * at);
        const crowd all(writers, rows);
        const auto graph = graph::digraph::of(rows + crowd::nodes_for(count), [&](auto take) {
            all.for_each_chain_edge(take);
            for (std::uint32_t reader = 0; reader < rows; ++reader) {
                all.for_each_edge_of(reader, take);
            }
        });
        for (std::uint32_t reader = 0; reader < rows; ++reader) {
            std::set<std::uint32_t> others(writers.begin(), writers.end());
            others.erase(reader);
            EXPECT_EQ(reached(graph, reader, rows), others) << count << " " << reader;
        }
    }
}

TEST(crowd, takes_arcs_in_proportion_to_readers_and_writers) {
    constexpr std::uint32_t rows = 2000;
    std::vector<std::uint32_t> writers;
    for (std::uint32_t at = 0; at < rows / 2; ++at) writers.push_back(at);
    const crowd all(writers, rows);
    std::size_t arcs = 0;
    const auto count = [&arcs](const graph::edge&) { ++arcs; };
    all.for_each_chain_edge(count);
    for (std::uint32_t reader = 0; reader < rows; ++reader) all.for_each_edge_of(reader, count);
    EXPECT_LT(arcs, std::size_t{5} * rows);
}

}  // namespace
}  // namespace verdikt::checker::transactions
