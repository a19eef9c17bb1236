#include "checker/transactions/anomaly_cycles.h"

#include "checker/transactions/component_graph.h"
#include "checker/transactions/nonadjacent_search.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace verdikt::checker::transactions {

namespace {

using graph::reasons;
using graph::rw;
using graph::wr;
using graph::ww;

constexpr reasons writes_and_reads = ww | wr;

/// The names of one family, by what orders it: data alone, processes, real time.
struct family {
    std::array<std::string_view, 3> names;

    [[nodiscard]] std::string_view name(reasons order) const {
        return names[order == graph::realtime ? 2 : order == graph::process ? 1 : 0];
    }
};

constexpr family g0{{"G0", "G0-process", "G0-realtime"}};
constexpr family g1c{{"G1c", "G1c-process", "G1c-realtime"}};
constexpr family g_single{{"G-single-item", "G-single-item-process", "G-single-item-realtime"}};
constexpr family g_nonadjacent{
    {"G-nonadjacent-item", "G-nonadjacent-item-process", "G-nonadjacent-item-realtime"}};
constexpr family g2{{"G2-item", "G2-item-process", "G2-item-realtime"}};

/// The shortest of the first cycles that were found.
class shortest_cycle {
  public:
    explicit shortest_cycle(const way_search& ways) : ways_(ways) {}

    /// A way from where an arc of `from` leads, back to `from`.
    void offer(std::optional<std::vector<node>> way) {
        if (!way || (found() && way->size() >= nodes_.size())) return;
        if (!found()) enough_ = ways_.arcs_seen() + arcs_to_shorten;
        // The way back ends where the cycle begins.
        std::ranges::rotate(*way, way->end() - 1);
        nodes_ = std::move(*way);
    }
    [[nodiscard]] bool found() const { return !nodes_.empty(); }
    /// Nothing is shorter, or it was looked for long enough.
    [[nodiscard]] bool is_good() const {
        return found() && (nodes_.size() == 2 || ways_.arcs_seen() > enough_);
    }
    [[nodiscard]] const std::vector<node>& nodes() const { return nodes_; }

  private:
    static constexpr std::uint64_t arcs_to_shorten = 100'000;

    const way_search& ways_;
    std::vector<node> nodes_;
    std::uint64_t enough_ = 0;
};

/// Searches one component. The later a kind is searched, the more it relies on what was not found.
class component_judge {
  public:
    component_judge(const component_graph& component, reasons order)
        : component_(component), order_(order), ways_(component) {}

    void run(cycle_findings& into) {
        search(0);
        if (order_ != 0) search(order_);
        for (anomaly_cycle& one : found_) into.cycles.push_back(std::move(one));
        if (gave_up_) ++into.undecided;
    }

  private:
    /// One of that family was found, with that order or by data alone: all that it is a case of is
    /// known.
    [[nodiscard]] bool has(const family& what, reasons order) const {
        return has_.contains(what.name(order)) || has_.contains(what.name(0));
    }

    void search(reasons order) {
        const reasons data = writes_and_reads | order;
        if (!has(g0, order)) search_circles(g0, ww, ww | order, order);
        if (!has(g0, order) && !has(g1c, order)) search_circles(g1c, wr, data, order);
        if (!has(g_single, order)) search_single(data, order);
        if (has(g_single, order) || has(g_nonadjacent, order)) return;
        report(g_nonadjacent, order, find_nonadjacent_cycle(component_, data));
        if (has(g_nonadjacent, order) || has(g2, order)) return;
        search_any(data | rw, order);
    }

    /// Where there is nothing weaker, any circle of those arcs is one of this kind.
    void search_circles(const family& what, reasons needed, reasons allowed, reasons order) {
        const auto part = component_.parts(allowed);
        shortest_cycle best(ways_);
        for (node from = 0; from < component_.transactions(); ++from) {
            if (part[from] == 0) continue;
            for (const graph::arc& one : component_.arcs().from(from)) {
                if (best.is_good()) break;
                if ((one.why & needed) == 0 || part[one.to] != part[from]) continue;
                best.offer(ways_.find(one.to, from, allowed, {}));
            }
        }
        report(what, order, steps_of(best.nodes(), needed, allowed));
    }

    void search_single(reasons data, reasons order) {
        const auto place = component_.topological(data);
        shortest_cycle best(ways_);
        for_each_antidependency([&](node from, node to) {
            if (place[to] > place[from]) return true;
            best.offer(ways_.find(to, from, data, {&place, place[from]}));
            return !best.is_good() && within_bound();
        });
        report(g_single, order, steps_of(best.nodes(), rw, data));
    }

    void search_any(reasons allowed, reasons order) {
        const auto part = component_.parts(allowed);
        shortest_cycle best(ways_);
        for_each_antidependency([&](node from, node to) {
            if (part[from] == 0 || part[from] != part[to]) return true;
            best.offer(ways_.find(to, from, allowed, {}));
            return !best.is_good();
        });
        const auto steps = steps_of(best.nodes(), rw, allowed);
        const auto antidependencies = std::ranges::count(steps, rw, &cycle_step::why);
        // One alone is left to be found here only after the search for it was given up.
        report(antidependencies == 1 ? g_single : g2, order, steps);
    }

    /// `take` says whether to go on.
    template <typename Take>
    void for_each_antidependency(const Take& take) {
        for (node from = 0; from < component_.transactions(); ++from) {
            for (const graph::arc& one : component_.arcs().from(from)) {
                if (is_antidependency(one.why) && !take(from, one.to)) return;
            }
        }
    }

    [[nodiscard]] bool within_bound() {
        gave_up_ = gave_up_ || ways_.arcs_seen() > search_arcs_max;
        return !gave_up_;
    }

    /// Of a cycle whose first arc is taken for `first`; nothing of no cycle.
    [[nodiscard]] std::vector<cycle_step> steps_of(const std::vector<node>& nodes,
                                                   reasons first,
                                                   reasons allowed) const {
        std::vector<cycle_step> steps;
        for (std::size_t at = 0; at < nodes.size(); ++at) {
            if (!component_.is_transaction(nodes[at])) continue;
            const node next = nodes[(at + 1) % nodes.size()];
            const reasons why = component_.arcs().between(nodes[at], next) & allowed;
            steps.push_back(
                {component_.original(nodes[at]), 0, at == 0 ? first : strongest_of(why)});
        }
        for (std::size_t at = 0; at < steps.size(); ++at) {
            steps[at].to = steps[(at + 1) % steps.size()].from;
        }
        return steps;
    }

    void report(const family& what, reasons order, std::vector<cycle_step> steps) {
        if (steps.empty()) return;
        has_.insert(what.name(order));
        found_.push_back({what.name(order), std::move(steps)});
    }

    const component_graph& component_;
    reasons order_;
    way_search ways_;
    std::set<std::string_view> has_;
    std::vector<anomaly_cycle> found_;
    bool gave_up_ = false;
};

}  // namespace

cycle_findings find_anomaly_cycles(const graph::digraph& graph,
                                   std::uint32_t transactions,
                                   reasons order) {
    cycle_findings found;
    std::vector<std::uint32_t> numbers;
    for (const auto& nodes : graph::components(graph, writes_and_reads | rw | order)) {
        // They are sorted; one transaction alone, with what passes an order on, is no cycle.
        if (nodes[1] >= transactions) continue;
        numbers.resize(graph.size());
        const component_graph component(graph, nodes, transactions, numbers);
        component_judge(component, order).run(found);
    }
    return found;
}

}  // namespace verdikt::checker::transactions
