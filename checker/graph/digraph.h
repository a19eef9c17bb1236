/// Which operation must come before which, and why: a directed graph whose arcs say the reasons.
///
/// Nodes are numbers from 0; an arc takes 5 bytes, with all reasons for one pair of nodes in one
/// arc. Built once, then only read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
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

/// The arcs that leave a node, by where they lead.
class arcs_view {
  public:
    arcs_view(std::span<const std::uint32_t> to, const reasons* why) : to_(to), why_(why) {}

    [[nodiscard]] std::size_t size() const { return to_.size(); }
    [[nodiscard]] arc operator[](std::size_t at) const { return {to_[at], why_[at]}; }
    [[nodiscard]] std::span<const std::uint32_t> targets() const { return to_; }

    class iterator {
      public:
        using value_type = arc;
        using difference_type = std::ptrdiff_t;

        iterator() = default;
        iterator(const std::uint32_t* to, const reasons* why) : to_(to), why_(why) {}
        arc operator*() const { return {*to_, *why_}; }
        iterator& operator++() {
            ++to_;
            ++why_;
            return *this;
        }
        iterator operator++(int) {
            const iterator before = *this;
            ++*this;
            return before;
        }
        bool operator==(const iterator& other) const { return to_ == other.to_; }

      private:
        const std::uint32_t* to_ = nullptr;
        const reasons* why_ = nullptr;
    };
    [[nodiscard]] iterator begin() const { return {to_.data(), why_}; }
    [[nodiscard]] iterator end() const { return {to_.data() + to_.size(), why_ + to_.size()}; }

  private:
    std::span<const std::uint32_t> to_;
    const reasons* why_;
};

class digraph {
  public:
    /// Nobody keeps the edges: `each` calls what it is given with every one of them, and is asked
    /// twice for the same. Edges from a node to itself are left out. Requires: their nodes are
    /// below `nodes`.
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
    [[nodiscard]] arcs_view from(std::uint32_t node) const {
        const std::uint32_t begin = begins_[node];
        return {std::span(to_).subspan(begin, begins_[node + 1] - begin), why_.data() + begin};
    }
    /// Why the one comes before the other; 0 if there is no such arc.
    [[nodiscard]] reasons between(std::uint32_t from, std::uint32_t to) const;

    [[nodiscard]] std::size_t arcs() const { return to_.size(); }

  private:
    explicit digraph(std::uint32_t nodes) : begins_(std::size_t{nodes} + 2) {}
    void count(const edge& one);
    void make_room();
    void put(const edge& one) {
        if (one.from == one.to) return;
        const std::uint32_t place = begins_[one.from + 1]++;
        to_[place] = one.to;
        why_[place] = one.why;
    }
    void finish();
    void merge_parallel_arcs();

    /// Where each node's arcs begin, and where the last one's end. While edges are put in, one
    /// place further on, so that each entry becomes what it must be.
    std::vector<std::uint32_t> begins_;
    std::vector<std::uint32_t> to_;
    std::vector<reasons> why_;
};

/// The strongly connected components of two nodes or more, by arcs that have one of the reasons:
/// every cycle lies within one of them.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> components(const digraph& graph,
                                                                 reasons allowed);

}  // namespace verdikt::checker::graph
