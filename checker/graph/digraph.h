/// Which operation must come before which, and why: a directed graph whose arcs say the reasons.
///
/// Nodes are numbers from 0; arcs lie in one vector, 8 bytes each, with all reasons for one pair of
/// nodes in one arc. Built once, then only read.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace verdikt::checker::graph {

/// Why one comes before the other. Sets of them are masks.
using reasons = std::uint8_t;
/// Wrote the version before the one that the other wrote.
inline constexpr reasons ww = 1;
/// Wrote what the other read.
inline constexpr reasons wr = 2;
/// Read the version before the one that the other wrote.
inline constexpr reasons rw = 4;
/// One process did both, in this order.
inline constexpr reasons process = 8;
/// Ended before the other began.
inline constexpr reasons realtime = 16;

struct edge {
    std::uint32_t from;
    std::uint32_t to;
    reasons why;
};

struct arc {
    std::uint32_t to;
    reasons why;
};

class digraph {
  public:
    /// Edges from a node to itself are left out. Requires: their nodes are below `nodes`.
    digraph(std::uint32_t nodes, const std::vector<edge>& edges);

    /// The same for edges that nobody keeps: `each` calls what it is given with every one of them,
    /// and is asked twice for the same.
    template <typename Each>
    [[nodiscard]] static digraph of(std::uint32_t nodes, const Each& each) {
        digraph made(nodes);
        each([&made](const edge& one) { made.count(one); });
        made.make_room();
        each([&made](const edge& one) { made.put(one); });
        made.finish();
        return made;
    }

    [[nodiscard]] std::uint32_t size() const {
        return static_cast<std::uint32_t>(begins_.size() - 1);
    }
    [[nodiscard]] std::span<const arc> from(std::uint32_t node) const {
        return std::span(arcs_).subspan(begins_[node], begins_[node + 1] - begins_[node]);
    }
    /// Why the one comes before the other; 0 if there is no such arc.
    [[nodiscard]] reasons between(std::uint32_t from, std::uint32_t to) const;

    [[nodiscard]] std::size_t arcs() const { return arcs_.size(); }

  private:
    explicit digraph(std::uint32_t nodes) : begins_(std::size_t{nodes} + 2) {}
    void count(const edge& one);
    void make_room();
    void put(const edge& one) {
        if (one.from != one.to) arcs_[begins_[one.from + 1]++] = {one.to, one.why};
    }
    void finish();
    void merge_parallel_arcs();

    /// Where each node's arcs begin, and where the last one's end. While edges are put in, one
    /// place further on, so that each entry becomes what it must be.
    std::vector<std::uint32_t> begins_;
    std::vector<arc> arcs_;
};

/// The strongly connected components of two nodes or more, by arcs that have one of the reasons:
/// every cycle lies within one of them.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> components(const digraph& graph,
                                                                 reasons allowed);

}  // namespace verdikt::checker::graph
