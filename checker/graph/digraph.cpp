#include "checker/graph/digraph.h"

#include "runtime/check.h"

#include <algorithm>
#include <limits>
#include <ranges>

namespace verdikt::checker::graph {

void digraph::count(const edge& one) {
    CHECK(one.from + 2 < begins_.size() && one.to + 2 < begins_.size());
    if (one.from != one.to) ++begins_[one.from + 2];
}

void digraph::make_room() {
    std::uint64_t all = 0;
    for (std::uint32_t& begin : begins_) {
        all += begin;
        CHECK(all <= std::numeric_limits<std::uint32_t>::max(), "more arcs than can be numbered");
        begin = static_cast<std::uint32_t>(all);
    }
    to_.resize(all);
    why_.resize(all);
}

void digraph::finish() {
    begins_.pop_back();
    merge_parallel_arcs();
}

void digraph::merge_parallel_arcs() {
    std::vector<arc> here;
    std::uint32_t kept = 0;
    std::uint32_t begin = 0;
    for (std::size_t node = 0; node + 1 < begins_.size(); ++node) {
        const std::uint32_t end = begins_[node + 1];
        here.clear();
        for (std::uint32_t at = begin; at < end; ++at) here.push_back({to_[at], why_[at]});
        if (here.size() > 1) std::ranges::sort(here, {}, &arc::to);
        const std::uint32_t first = kept;
        for (const arc& one : here) {
            if (kept > first && to_[kept - 1] == one.to) {
                why_[kept - 1] |= one.why;
            } else {
                to_[kept] = one.to;
                why_[kept] = one.why;
                ++kept;
            }
        }
        begin = end;
        begins_[node + 1] = kept;
    }
    to_.resize(kept);
    why_.resize(kept);
}

reasons digraph::between(std::uint32_t from, std::uint32_t to) const {
    const arcs_view arcs = this->from(from);
    const auto found = std::ranges::lower_bound(arcs.targets(), to);
    if (found == arcs.targets().end() || *found != to) return 0;
    return arcs[static_cast<std::size_t>(found - arcs.targets().begin())].why;
}

namespace {

constexpr std::uint32_t unvisited = std::numeric_limits<std::uint32_t>::max();

/// Tarjan, 1972, with a stack of its own instead of the machine's: histories are long chains.
class component_search {
  public:
    component_search(const digraph& graph, reasons allowed)
        : graph_(graph), allowed_(allowed), order_(graph.size(), unvisited), low_(graph.size()) {}

    std::vector<std::vector<std::uint32_t>> run() {
        for (std::uint32_t node = 0; node < graph_.size(); ++node) {
            if (order_[node] == unvisited) visit_from(node);
        }
        return std::move(found_);
    }

  private:
    struct visit {
        std::uint32_t node;
        std::uint32_t next_arc;
    };

    void enter(std::uint32_t node) {
        order_[node] = low_[node] = entered_++;
        open_.push_back(node);
        visits_.push_back({node, 0});
    }

    void visit_from(std::uint32_t root) {
        enter(root);
        while (!visits_.empty()) {
            visit& here = visits_.back();
            const arcs_view arcs = graph_.from(here.node);
            if (here.next_arc < arcs.size()) {
                const arc next = arcs[here.next_arc++];
                if ((next.why & allowed_) != 0) follow(here.node, next.to);
            } else {
                leave(here.node);
            }
        }
    }

    void follow(std::uint32_t from, std::uint32_t to) {
        if (order_[to] == unvisited) {
            enter(to);
        } else {
            // One whose component is complete has a `low_` that is never lower than any order.
            low_[from] = std::min(low_[from], low_[to]);
        }
    }

    void leave(std::uint32_t node) {
        visits_.pop_back();
        if (!visits_.empty()) {
            std::uint32_t& parent = low_[visits_.back().node];
            parent = std::min(parent, low_[node]);
        }
        if (low_[node] == order_[node]) close(node);
    }

    void close(std::uint32_t root) {
        const auto first = std::ranges::find(open_ | std::views::reverse, root).base() - 1;
        if (open_.end() - first > 1) {
            found_.emplace_back(first, open_.end());
            std::ranges::sort(found_.back());
        }
        for (auto at = first; at != open_.end(); ++at) low_[*at] = unvisited;
        open_.erase(first, open_.end());
    }

    const digraph& graph_;
    reasons allowed_;
    std::vector<std::uint32_t> order_;
    std::vector<std::uint32_t> low_;
    std::vector<std::uint32_t> open_;
    std::vector<visit> visits_;
    std::uint32_t entered_ = 0;
    std::vector<std::vector<std::uint32_t>> found_;
};

}  // namespace

std::vector<std::vector<std::uint32_t>> components(const digraph& graph, reasons allowed) {
    return component_search(graph, allowed).run();
}

}  // namespace verdikt::checker::graph
