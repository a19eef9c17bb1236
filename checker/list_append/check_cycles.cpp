/// Transactions that depend on each other in a circle: see checker/transactions/anomaly_cycles.h,
/// and the head of list_append_checker.h for what makes them depend.
#include "checker/list_append/element_orders.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::checker::list_append {

namespace {

using graph::edge;
using transactions::crowd;

class cycle_check {
  public:
    explicit cycle_check(const evidence& seen)
        : seen_(seen), history_(seen.history.operations), orders_(seen) {}

    void run(findings& into) {
        const transactions::order_edges order(history_, seen_.asked.order());
        const auto rows = static_cast<std::uint32_t>(history_.rows().size());
        const std::uint32_t nodes = place_crowds(rows + order.more_nodes());
        const auto dependencies = graph::digraph::of(nodes, [&](const auto& take) {
            for (std::uint32_t at = 0; at < rows; ++at) add_edges_of(at, take);
            for (std::uint32_t key = 0; key < crowd_node_.size(); ++key) {
                crowd_of(key).for_each_chain_edge(take);
            }
            order.for_each(take);
        });
        transactions::doubt_empty_graph(dependencies, into);
        const auto found =
            transactions::find_anomaly_cycles(dependencies, rows, seen_.asked.order());
        const auto explanation = [this](std::uint32_t from, std::uint32_t to, graph::reasons why) {
            return explain(from, to, why);
        };
        transactions::add_cycles(history_, seen_.asked, found, explanation, into);
    }

  private:
    /// Returns the number of all nodes.
    std::uint32_t place_crowds(std::uint32_t nodes) {
        crowd_node_.reserve(history_.keys().size());
        for (std::uint32_t key = 0; key < history_.keys().size(); ++key) {
            crowd_node_.push_back(nodes);
            nodes += crowd::nodes_for(orders_.unread(key).size());
        }
        return nodes;
    }

    [[nodiscard]] crowd crowd_of(std::uint32_t key) const {
        return {orders_.unread(key), crowd_node_[key]};
    }

    template <typename Take>
    void add_edges_of(std::uint32_t at, const Take& take) const {
        const row& here = seen_.rows()[at];
        if (!here.possible()) return;
        for (const step& one : seen_.steps_of(here)) {
            switch (one.what()) {
                case act::write:
                    add_overwrites(at, one.subject, take);
                    break;
                case act::read:
                    add_read(at, seen_.list(one.subject).value, take);
                    break;
                case act::read_nothing:
                    add_passed(at, one.subject, orders_.after_nothing(one.subject), take);
                    break;
            }
        }
    }

    template <typename Take>
    void add_overwrites(std::uint32_t at, std::uint32_t value, const Take& take) const {
        if (orders_.writer_of(value) != at) return;
        const std::uint32_t next = orders_.after(value);
        if (next == unread_follow) {
            const std::uint32_t key = history_.values().partition_of(value);
            for (const std::uint32_t writer : orders_.unread(key)) {
                take(edge{at, writer, graph::ww});
            }
        } else if (next != none && next != not_in_order) {
            take(edge{at, next, graph::ww});
        }
    }

    /// A list is told by its last element.
    template <typename Take>
    void add_read(std::uint32_t at, std::uint32_t last, const Take& take) const {
        const std::uint32_t writer = orders_.writer_of(last);
        if (writer != none) take(edge{writer, at, graph::wr});
        // Who appended it comes before the next writer for that already.
        if (writer == at) return;
        add_passed(at, history_.values().partition_of(last), orders_.after(last), take);
    }

    template <typename Take>
    void add_passed(std::uint32_t at,
                    std::uint32_t key,
                    std::uint32_t next,
                    const Take& take) const {
        if (next == unread_follow) {
            crowd_of(key).for_each_edge_of(at, take);
        } else if (next != none && next != not_in_order) {
            take(edge{at, next, graph::rw});
        }
    }

    [[nodiscard]] std::string explain(std::uint32_t from,
                                      std::uint32_t to,
                                      graph::reasons why) const;
    [[nodiscard]] std::string explain_read(std::uint32_t from, std::uint32_t to) const;
    [[nodiscard]] std::string explain_overwrite(std::uint32_t from,
                                                std::uint32_t to,
                                                const step& one) const;
    [[nodiscard]] std::uint32_t element_after(std::uint32_t key,
                                              std::uint32_t next,
                                              std::uint32_t before,
                                              std::uint32_t row) const;

    const evidence& seen_;
    const recording& history_;
    element_orders orders_;
    std::vector<std::uint32_t> crowd_node_;
};

std::string cycle_check::explain(std::uint32_t from, std::uint32_t to, graph::reasons why) const {
    if (why == graph::wr) return explain_read(from, to);
    for (const step& one : seen_.steps_of(seen_.rows()[from])) {
        if ((one.what() == act::write) != (why == graph::ww)) continue;
        std::string text = explain_overwrite(from, to, one);
        if (!text.empty()) return text;
    }
    return {};
}

std::string cycle_check::explain_read(std::uint32_t from, std::uint32_t to) const {
    for (const step& one : seen_.steps_of(seen_.rows()[to])) {
        if (one.what() != act::read) continue;
        const std::uint32_t last = seen_.list(one.subject).value;
        if (orders_.writer_of(last) != from) continue;
        return fmt::format("{} read a list that ends with {}, which {} appended",
                           seen_.words.operation(to),
                           seen_.words.value(last),
                           seen_.words.operation(from));
    }
    return {};
}

/// Empty if it is not for that append or read that `from` comes before `to`.
std::string cycle_check::explain_overwrite(std::uint32_t from,
                                           std::uint32_t to,
                                           const step& one) const {
    const std::uint32_t key = seen_.key_of(one);
    const bool nothing = one.what() == act::read_nothing;
    const std::uint32_t last = nothing                    ? none
                               : one.what() == act::write ? std::uint32_t{one.subject}
                                                          : seen_.list(one.subject).value;
    if (one.what() == act::write && orders_.writer_of(last) != from) return {};
    const std::uint32_t next = nothing ? orders_.after_nothing(key) : orders_.after(last);
    const std::uint32_t element = element_after(key, next, last, to);
    if (element == none) return {};
    const std::string before = seen_.words.operation(from);
    const std::string after =
        fmt::format("{} appended {}", seen_.words.operation(to), seen_.words.value(element));
    if (one.what() == act::write) {
        return fmt::format(
            "{} appended {}, and after it {}", before, seen_.words.value(last), after);
    }
    if (nothing)
        return fmt::format("{} read {} as empty, and {}", before, seen_.words.key(key), after);
    return fmt::format("{} read {} only up to {}, and after that {}",
                       before,
                       seen_.words.key(key),
                       history_.values().text_of(last),
                       after);
}

/// The element of `row` that follows `before` in the key's order; `none` if another's does.
std::uint32_t cycle_check::element_after(std::uint32_t key,
                                         std::uint32_t next,
                                         std::uint32_t before,
                                         std::uint32_t row) const {
    if (next == unread_follow) {
        for (const step& one : seen_.steps_of(seen_.rows()[row])) {
            const bool unread = one.what() == act::write && seen_.key_of(one) == key &&
                                orders_.after(one.subject) == not_in_order;
            if (unread) return one.subject;
        }
        return none;
    }
    if (next != row) return none;
    std::vector<std::uint32_t> order;
    seen_.history.lists.append_values(seen_.history.lists.longest(key), order);
    const auto found = before == none ? order.begin() : std::ranges::find(order, before) + 1;
    return found < order.end() ? *found : none;
}

}  // namespace

void check_cycles(const evidence& seen, findings& into) {
    cycle_check(seen).run(into);
}

}  // namespace verdikt::checker::list_append
