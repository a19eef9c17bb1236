/// Transactions that depend on each other in a circle: see checker/transactions/anomaly_cycles.h,
/// and the head of rw_register_checker.h for what makes them depend.
#include "checker/rw_register/evidence.h"
#include "checker/transactions/order_edges.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::checker::rw_register {

namespace {

using graph::edge;
using transactions::crowd;

class cycle_check {
  public:
    cycle_check(const evidence& seen, const std::vector<version_pair>& orders)
        : seen_(seen), orders_(orders), writers_(seen.history.keys().size()) {
        gather_writers();
    }

    void run(findings& into) {
        const auto& model = seen_.asked.model;
        const transactions::order_edges order(seen_.history, model.order());
        const auto rows = static_cast<std::uint32_t>(seen_.rows().size());
        const std::uint32_t nodes = place_crowds(rows + order.more_nodes());
        const auto dependencies = graph::digraph::of(nodes, [&](const auto& take) {
            add_data_edges(take);
            for (std::uint32_t key = 0; key < crowd_node_.size(); ++key) {
                crowd_of(key).for_each_chain_edge(take);
            }
            order.for_each(take);
        });
        transactions::doubt_empty_graph(dependencies, into);
        const auto found = transactions::find_anomaly_cycles(dependencies, rows, model.order());
        const auto explanation = [this](std::uint32_t from, std::uint32_t to, graph::reasons why) {
            return explain(from, to, why);
        };
        transactions::add_cycles(seen_.history, model, found, explanation, into);
    }

  private:
    /// Of keys that somebody found unwritten everybody who wrote them comes after him.
    void gather_writers() {
        std::vector<bool> found_unwritten(seen_.history.keys().size());
        for_each_access([&](std::uint32_t, const access& one) {
            if (one.read != none && one.read >= seen_.values()) found_unwritten[one.key] = true;
        });
        std::vector<transactions::rows_by_key::pair> pairs;
        for_each_access([&](std::uint32_t at, const access& one) {
            const bool counts = one.written != none && seen_.writer_of(one.written) == at;
            if (counts && found_unwritten[one.key]) pairs.push_back({one.key, at});
        });
        writers_.fill(std::move(pairs));
    }

    template <typename Take>
    void for_each_access(const Take& take) const {
        access_reader accesses(seen_);
        for (std::uint32_t at = 0; at < seen_.rows().size(); ++at) {
            if (!seen_.rows()[at].possible()) continue;
            for (const access& one : accesses.of(seen_.rows()[at])) take(at, one);
        }
    }

    /// Returns the number of all nodes.
    std::uint32_t place_crowds(std::uint32_t nodes) {
        for (std::uint32_t key = 0; key < seen_.history.keys().size(); ++key) {
            crowd_node_.push_back(nodes);
            nodes += crowd::nodes_for(writers_.of(key).size());
        }
        return nodes;
    }

    [[nodiscard]] crowd crowd_of(std::uint32_t key) const {
        return {writers_.of(key), crowd_node_[key]};
    }

    [[nodiscard]] auto later_than(version before) const {
        return std::ranges::equal_range(orders_, before, {}, &version_pair::before);
    }

    template <typename Take>
    void add_data_edges(const Take& take) const {
        for_each_access([&](std::uint32_t at, const access& one) {
            if (one.read != none) {
                const std::uint32_t writer = seen_.writer_of(one.read);
                if (writer != none) take(edge{writer, at, graph::wr});
                if (one.read >= seen_.values()) crowd_of(one.key).for_each_edge_of(at, take);
                add_later(at, one.read, graph::rw, take);
            }
            if (one.written != none && seen_.writer_of(one.written) == at) {
                add_later(at, one.written, graph::ww, take);
            }
        });
    }

    template <typename Take>
    void add_later(std::uint32_t at, version before, graph::reasons why, const Take& take) const {
        for (const version_pair& one : later_than(before)) {
            const std::uint32_t writer = seen_.writer_of(one.after);
            if (writer != none) take(edge{at, writer, why});
        }
    }

    [[nodiscard]] std::string explain(std::uint32_t from,
                                      std::uint32_t to,
                                      graph::reasons why) const {
        access_reader first(seen_);
        access_reader second(seen_);
        for (const access& before : first.of(seen_.rows()[from])) {
            for (const access& after : second.of(seen_.rows()[to])) {
                if (before.key != after.key) continue;
                std::string text = explain_key(from, before, to, after, why);
                if (!text.empty()) return text;
            }
        }
        return {};
    }

    /// Empty if it is not for that key that `from` comes before `to`.
    [[nodiscard]] std::string explain_key(std::uint32_t from,
                                          const access& before,
                                          std::uint32_t to,
                                          const access& after,
                                          graph::reasons why) const {
        const std::string earlier = seen_.words.operation(from);
        const std::string later = seen_.words.operation(to);
        if (why == graph::wr) {
            if (before.written == none || before.written != after.read) return {};
            return fmt::format(
                "{} read {}, which {} wrote", later, seen_.text_of(after.read), earlier);
        }
        const version one = why == graph::ww ? before.written : before.read;
        if (one == none || after.written == none || !comes_before(one, after.written)) return {};
        return fmt::format("{} {} {}, and {} wrote {}, which came later",
                           earlier,
                           why == graph::ww ? "wrote" : "read",
                           seen_.text_of(one),
                           later,
                           seen_.text_of(after.written));
    }

    [[nodiscard]] bool comes_before(version one, version other) const {
        if (one >= seen_.values()) return true;
        return std::ranges::any_of(
            later_than(one), [other](const version_pair& pair) { return pair.after == other; });
    }

    const evidence& seen_;
    const std::vector<version_pair>& orders_;
    transactions::rows_by_key writers_;
    std::vector<std::uint32_t> crowd_node_;
};

}  // namespace

void check_cycles(const evidence& seen, const std::vector<version_pair>& orders, findings& into) {
    cycle_check(seen, orders).run(into);
}

}  // namespace verdikt::checker::rw_register
