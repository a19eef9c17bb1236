#include "tests/unit/checker_transactions/plain_cycles.h"

#include <array>
#include <utility>

namespace verdikt::checker {

namespace {

constexpr std::array families{"G0", "G1c", "G-single-item", "G-nonadjacent-item", "G2-item"};

/// A family by its place above, and whether it is the variant.
using kind = std::pair<int, bool>;

bool is_case_of(kind special, kind general) {
    if (special == general || (special.second && !general.second)) return false;
    if (special.first == general.first) return true;
    if (special.first < 2) return general.first < 2 && special.first < general.first;
    return special.first < general.first;
}

class walker {
  public:
    walker(const plain_graph& graph, bool with_order)
        : graph_(graph), with_order_(with_order), on_way_(graph.size()) {}

    std::set<kind> run(const std::vector<std::size_t>& component) {
        for (const std::size_t one : component) {
            first_ = one;
            walk(one, component);
        }
        return found_;
    }

  private:
    struct taken {
        bool rw;
        /// It is of ww, or of the order.
        bool write;
    };

    void walk(std::size_t from, const std::vector<std::size_t>& component) {
        on_way_[from] = true;
        for (const std::size_t to : component) {
            // A cycle is walked from its lowest node.
            if (to < first_ || (to != first_ && on_way_[to])) continue;
            const plain_arc& arc = graph_[from][to];
            const bool data = arc.ww || arc.wr;
            const bool order = with_order_ && arc.order;
            if (data || order) step(to, {false, arc.ww || order}, component);
            if (arc.rw && !data) step(to, {true, false}, component);
        }
        on_way_[from] = false;
    }

    void step(std::size_t to, taken how, const std::vector<std::size_t>& component) {
        way_.push_back(how);
        if (to == first_) {
            close();
        } else {
            walk(to, component);
        }
        way_.pop_back();
    }

    void close() {
        int antidependencies = 0;
        bool adjacent = false;
        bool writes = true;
        for (std::size_t at = 0; at < way_.size(); ++at) {
            if (way_[at].rw) ++antidependencies;
            adjacent = adjacent || (way_[at].rw && way_[(at + 1) % way_.size()].rw);
            writes = writes && way_[at].write;
        }
        int family = writes ? 0 : 1;
        if (antidependencies == 1) family = 2;
        if (antidependencies > 1) family = adjacent ? 4 : 3;
        found_.emplace(family, with_order_);
    }

    const plain_graph& graph_;
    bool with_order_;
    std::size_t first_ = 0;
    std::vector<bool> on_way_;
    std::vector<taken> way_;
    std::set<kind> found_;
};

/// Who reaches whom.
std::vector<std::vector<bool>> closure(const plain_graph& graph) {
    const std::size_t size = graph.size();
    std::vector<std::vector<bool>> reaches(size, std::vector<bool>(size));
    for (std::size_t from = 0; from < size; ++from) {
        for (std::size_t to = 0; to < size; ++to) reaches[from][to] = graph[from][to].any();
    }
    for (std::size_t middle = 0; middle < size; ++middle) {
        for (std::size_t from = 0; from < size; ++from) {
            for (std::size_t to = 0; to < size; ++to) {
                if (reaches[from][middle] && reaches[middle][to]) reaches[from][to] = true;
            }
        }
    }
    return reaches;
}

}  // namespace

std::set<std::string> anomalies_of_cycles(const plain_graph& graph, const std::string& ending) {
    const auto reaches = closure(graph);
    std::vector<bool> seen(graph.size());
    std::set<std::string> names;
    for (std::size_t first = 0; first < graph.size(); ++first) {
        if (seen[first] || !reaches[first][first]) continue;
        std::vector<std::size_t> component;
        for (std::size_t other = 0; other < graph.size(); ++other) {
            if (!reaches[first][other] || !reaches[other][first]) continue;
            component.push_back(other);
            seen[other] = true;
        }
        std::set<kind> found = walker(graph, false).run(component);
        found.merge(walker(graph, true).run(component));
        for (const kind one : found) {
            bool told = false;
            for (const kind other : found) told = told || is_case_of(other, one);
            const auto family = static_cast<std::size_t>(one.first);
            if (!told) names.insert(families[family] + (one.second ? ending : ""));
        }
    }
    return names;
}

}  // namespace verdikt::checker
