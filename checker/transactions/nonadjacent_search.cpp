#include "checker/transactions/nonadjacent_search.h"

#include "checker/graph/cycles.h"

#include <algorithm>

namespace verdikt::checker::transactions {

namespace {

using graph::reasons;

constexpr reasons any = 1;
/// Circles that fall into parts of no use are rare; each costs a search.
constexpr int attempts_max = 1000;

/// A transaction on a circle, and how the circle came to it.
struct stop {
    node transaction;
    bool by_rw;
    /// Where the arc from the stop before led: here, or to something that only passes an order on.
    node hop;
};
using circle = std::vector<stop>;

class search {
  public:
    search(const component_graph& component, reasons others)
        : component_(component), others_(others), doubled_(double_nodes()) {}

    std::vector<cycle_step> run() {
        std::vector<std::uint32_t> part(doubled_.size(), 0);
        auto circles = graph::components(doubled_, any);
        for (std::uint32_t number = 0; number < circles.size(); ++number) {
            for (const std::uint32_t one : circles[number]) part[one] = number + 1;
        }
        int attempts = 0;
        for (node from = 0; from < component_.transactions(); ++from) {
            const std::uint32_t here = part[without_rw(from)];
            if (here == 0) continue;
            for (const graph::arc& one : component_.arcs().from(from)) {
                if (!is_antidependency(one.why) || part[with_rw(one.to)] != here) continue;
                circle found = simple(circle_through(circles[here - 1], from, one.to));
                if (found.size() > 1 && count_rw(found) > 1) return steps_of(found);
                if (++attempts == attempts_max) return {};
            }
        }
        return {};
    }

  private:
    [[nodiscard]] static std::uint32_t without_rw(node one) { return 2 * one; }
    [[nodiscard]] static std::uint32_t with_rw(node one) { return 2 * one + 1; }

    [[nodiscard]] graph::digraph double_nodes() const {
        return graph::digraph::of(2 * component_.size(), [this](const auto& take) {
            for (node from = 0; from < component_.size(); ++from) {
                for (const graph::arc& one : component_.arcs().from(from)) {
                    double_arc(from, one, take);
                }
            }
        });
    }

    template <typename Take>
    void double_arc(node from, const graph::arc& one, const Take& take) const {
        if (!component_.is_transaction(from)) {
            take(graph::edge{without_rw(from), without_rw(one.to), any});
            take(graph::edge{with_rw(from), with_rw(one.to), any});
            return;
        }
        if ((one.why & others_) != 0) {
            take(graph::edge{without_rw(from), without_rw(one.to), any});
            take(graph::edge{with_rw(from), without_rw(one.to), any});
        }
        if (is_antidependency(one.why)) {
            take(graph::edge{without_rw(from), with_rw(one.to), any});
        }
    }

    [[nodiscard]] circle circle_through(const std::vector<std::uint32_t>& part,
                                        node from,
                                        node to) const {
        graph::cycle_search within(doubled_, part);
        const auto way = within.path(with_rw(to), without_rw(from), any);
        circle all;
        node hop = to;
        for (const std::uint32_t one : way.value_or(std::vector<std::uint32_t>())) {
            const node at = one / 2;
            if (hop == nowhere) hop = at;
            if (!component_.is_transaction(at)) continue;
            all.push_back({at, one % 2 == 1, hop});
            hop = nowhere;
        }
        return all;
    }

    /// Cuts a circle until it passes nobody twice.
    [[nodiscard]] static circle simple(circle whole) {
        while (true) {
            bool cut = false;
            for (std::size_t last = 0; last < whole.size() && !cut; ++last) {
                for (std::size_t first = 0; first < last && !cut; ++first) {
                    if (whole[first].transaction != whole[last].transaction) continue;
                    whole = one_of_two(whole, first, last);
                    cut = true;
                }
            }
            if (!cut) return whole;
        }
    }

    /// The part between the two, or the rest, whichever keeps rw arcs apart and has more of them.
    [[nodiscard]] static circle one_of_two(const circle& whole,
                                           std::size_t first,
                                           std::size_t last) {
        const auto at = [&whole](std::size_t position) {
            return whole.begin() + static_cast<std::ptrdiff_t>(position);
        };
        const circle inner(at(first + 1), at(last + 1));
        circle outer(at(last + 1), whole.end());
        outer.insert(outer.end(), whole.begin(), at(first + 1));
        const bool outer_is_better = count_rw(outer) > count_rw(inner);
        if (keeps_apart(outer) && (outer_is_better || !keeps_apart(inner))) return outer;
        return inner;
    }

    [[nodiscard]] static bool keeps_apart(const circle& what) {
        for (std::size_t at = 0; at < what.size(); ++at) {
            if (what[at].by_rw && what[(at + 1) % what.size()].by_rw) return false;
        }
        return true;
    }

    [[nodiscard]] static std::ptrdiff_t count_rw(const circle& what) {
        return std::ranges::count(what, true, &stop::by_rw);
    }

    [[nodiscard]] std::vector<cycle_step> steps_of(const circle& found) const {
        std::vector<cycle_step> steps;
        const stop* before = &found.back();
        for (const stop& one : found) {
            const reasons why = component_.arcs().between(before->transaction, one.hop);
            steps.push_back({component_.original(before->transaction),
                             component_.original(one.transaction),
                             one.by_rw ? graph::rw : strongest_of(why & others_)});
            before = &one;
        }
        return steps;
    }

    static constexpr node nowhere = 0xFFFFFFFF;

    const component_graph& component_;
    reasons others_;
    graph::digraph doubled_;
};

}  // namespace

reasons strongest_of(reasons why) {
    for (const reasons one : {graph::ww, graph::wr, graph::rw, graph::process}) {
        if ((why & one) != 0) return one;
    }
    return graph::realtime;
}

std::vector<cycle_step> find_nonadjacent_cycle(const component_graph& component, reasons others) {
    return search(component, others).run();
}

}  // namespace verdikt::checker::transactions
