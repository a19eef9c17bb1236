#include "tests/unit/checker_transactions/reference.h"

#include "tests/unit/checker_transactions/plain_store.h"

#include <algorithm>
#include <functional>
#include <optional>

namespace verdikt::checker {

namespace {

using place = std::size_t;

std::string ending_of(plain_order order) {
    return order == plain_order::process ? "-process" : "-realtime";
}

plain_graph empty_graph(std::size_t size) {
    return {size, std::vector<plain_arc>(size)};
}

void drop_loops(plain_graph& graph) {
    for (place at = 0; at < graph.size(); ++at) graph[at][at] = {};
}

class list_reference {
  public:
    explicit list_reference(const plain_transactions& history)
        : history_(history), store_(history) {
        for (const plain_transaction& one : history_) {
            for (const plain_step& step : one.steps) {
                keys_.insert(step.key);
                if (step.writes || step.read.empty()) continue;
                plain_list& longest = longest_[step.key];
                if (step.read.size() > longest.size()) longest = step.read;
            }
        }
    }

    std::set<std::string> run(plain_order order) {
        for (const plain_transaction& one : history_) look_at(one);
        for (const std::int64_t key : keys_) look_at_order(key);
        found_.merge(store_.losses([](const plain_step& read, std::int64_t value) {
            return std::ranges::count(read.read, value) == 0;
        }));
        if (store_.lost_update()) found_.insert("lost-update");
        plain_graph graph = empty_graph(history_.size());
        for (const std::int64_t key : keys_) add_arcs(graph, key);
        store_.add_order(graph, order);
        drop_loops(graph);
        found_.merge(anomalies_of_cycles(graph, ending_of(order)));
        return found_;
    }

  private:
    void look_at(const plain_transaction& one) {
        std::map<std::int64_t, plain_list> before;
        std::map<std::int64_t, plain_list> appended;
        std::map<std::int64_t, std::set<std::int64_t>> read;
        for (const plain_step& step : one.steps) {
            if (step.writes) {
                if (read[step.key].contains(step.value)) found_.insert("future-read");
                appended[step.key].push_back(step.value);
                continue;
            }
            look_at_read(one, step);
            plain_list expected = appended[step.key];
            const auto known = before.find(step.key);
            if (known != before.end()) {
                expected.insert(expected.begin(), known->second.begin(), known->second.end());
                if (expected != step.read) found_.insert("internal");
            } else if (!ends_with(step.read, expected)) {
                found_.insert("internal");
            }
            before[step.key] = step.read;
            appended[step.key].clear();
            read[step.key].insert(step.read.begin(), step.read.end());
        }
    }

    static bool ends_with(const plain_list& whole, const plain_list& end) {
        return whole.size() >= end.size() && std::equal(end.rbegin(), end.rend(), whole.rbegin());
    }

    void look_at_read(const plain_transaction& reader, const plain_step& step) {
        for (const std::int64_t value : step.read) {
            if (std::ranges::count(step.read, value) > 1) found_.insert("duplicate-elements");
            const auto writer = store_.writer(step.key, value);
            if (!writer) found_.insert("phantom");
            if (writer && !history_[*writer].possible()) found_.insert("G1a");
        }
        if (step.read.empty()) return;
        const auto writer = store_.writer(step.key, step.read.back());
        if (!writer || &history_[*writer] == &reader) return;
        if (store_.overwritten_by_writer(step.key, step.read.back())) found_.insert("G1b");
    }

    void look_at_order(std::int64_t key) {
        for (const plain_list& one : reads_of(key)) {
            for (const plain_list& other : reads_of(key)) {
                const auto shorter = std::min(one.size(), other.size());
                if (!std::equal(one.begin(),
                                one.begin() + static_cast<std::ptrdiff_t>(shorter),
                                other.begin())) {
                    found_.insert("incompatible-order");
                }
            }
        }
        const plain_list order = order_of(key);
        for (place first = 0; first < order.size(); ++first) {
            if (type_of(key, order[first]) != history::op_type::fail) continue;
            for (place second = first + 1; second < order.size(); ++second) {
                const auto type = type_of(key, order[second]);
                if (type == history::op_type::ok) found_.insert("dirty-update");
                if (type != history::op_type::info) break;
            }
        }
    }

    /// Of a value that nobody appended nothing is known.
    [[nodiscard]] history::op_type type_of(std::int64_t key, std::int64_t value) const {
        const auto writer = store_.writer(key, value);
        return writer ? history_[*writer].type : history::op_type::info;
    }

    [[nodiscard]] std::vector<plain_list> reads_of(std::int64_t key) const {
        std::vector<plain_list> all;
        for (const plain_transaction& one : history_) {
            for (const plain_step& step : one.steps) {
                if (!step.writes && step.key == key) all.push_back(step.read);
            }
        }
        return all;
    }

    /// Each element once.
    [[nodiscard]] plain_list order_of(std::int64_t key) const {
        plain_list order;
        const auto found = longest_.find(key);
        if (found == longest_.end()) return order;
        for (const std::int64_t value : found->second) {
            if (std::ranges::find(order, value) == order.end()) order.push_back(value);
        }
        return order;
    }

    /// What lies before an element: the one before it, or of one that is not in the order the last
    /// of that; nothing before the first.
    [[nodiscard]] std::optional<std::int64_t> element_before(const plain_list& order,
                                                             std::int64_t value) const {
        const auto found = std::ranges::find(order, value);
        if (found == order.begin()) return std::nullopt;
        return *(found - 1);
    }

    void add_arcs(plain_graph& graph, std::int64_t key) const {
        const plain_list order = order_of(key);
        for (place at = 0; at < history_.size(); ++at) {
            if (!history_[at].possible()) continue;
            for (const plain_step& step : history_[at].steps) {
                if (step.key != key) continue;
                if (!step.writes) {
                    add_read(graph, at, step);
                } else {
                    add_write(graph, at, key, element_before(order, step.value));
                }
            }
        }
    }

    void add_read(plain_graph& graph, place reader, const plain_step& step) const {
        if (step.read.empty()) return;
        const auto writer = store_.writer(step.key, step.read.back());
        if (writer && history_[*writer].possible()) graph[*writer][reader].wr = true;
    }

    void add_write(plain_graph& graph,
                   place at,
                   std::int64_t key,
                   std::optional<std::int64_t> before) const {
        if (before) {
            const auto writer = store_.writer(key, *before);
            if (writer && history_[*writer].possible()) graph[*writer][at].ww = true;
        }
        for (place reader = 0; reader < history_.size(); ++reader) {
            if (!history_[reader].possible()) continue;
            for (const plain_step& step : history_[reader].steps) {
                if (step.writes || step.key != key) continue;
                const auto last =
                    step.read.empty() ? std::nullopt : std::optional(step.read.back());
                if (last == before) graph[reader][at].rw = true;
            }
        }
    }

    const plain_transactions& history_;
    plain_store store_;
    std::set<std::int64_t> keys_;
    std::map<std::int64_t, plain_list> longest_;
    std::set<std::string> found_;
};

class register_reference {
  public:
    explicit register_reference(const plain_transactions& history)
        : history_(history), store_(history) {}

    std::set<std::string> run(plain_order order, bool linearizable_keys) {
        for (place at = 0; at < history_.size(); ++at) look_at(at);
        found_.merge(
            store_.losses([](const plain_step& read, std::int64_t) { return read.read.empty(); }));
        if (store_.lost_update()) found_.insert("lost-update");
        std::set<pair> pairs;
        if (linearizable_keys) pairs = orders_of_time();
        if (is_cyclic(pairs)) {
            found_.insert("cyclic-versions");
            pairs.clear();
        }
        plain_graph graph = empty_graph(history_.size());
        add_arcs(graph, pairs);
        store_.add_order(graph, order);
        drop_loops(graph);
        found_.merge(anomalies_of_cycles(graph, ending_of(order)));
        return found_;
    }

  private:
    /// A key and its value; 0 where it is unwritten.
    using version = std::pair<std::int64_t, std::int64_t>;
    using pair = std::pair<version, version>;

    static std::int64_t value_read(const plain_step& step) {
        return step.read.empty() ? 0 : step.read.back();
    }

    void look_at(place at) {
        if (!history_[at].ok()) return;
        std::map<std::int64_t, std::int64_t> last;
        for (const plain_step& step : history_[at].steps) {
            const std::int64_t value = step.writes ? step.value : value_read(step);
            const auto before = last.find(step.key);
            if (!step.writes) {
                if (before != last.end() && before->second != value) found_.insert("internal");
                if (value != 0) look_at_value(at, step.key, value, before == last.end());
            }
            last[step.key] = value;
        }
    }

    void look_at_value(place reader, std::int64_t key, std::int64_t value, bool first) {
        const auto writer = store_.writer(key, value);
        if (!writer) {
            found_.insert("phantom");
        } else if (*writer == reader) {
            if (first) found_.insert("future-read");
        } else {
            if (!history_[*writer].possible()) found_.insert("G1a");
            if (store_.overwritten_by_writer(key, value)) found_.insert("G1b");
        }
    }

    [[nodiscard]] std::optional<version> read_of(place at, std::int64_t key) const {
        if (!history_[at].ok()) return std::nullopt;
        for (const plain_step& step : history_[at].steps) {
            if (step.key != key) continue;
            if (step.writes) return std::nullopt;
            return version(key, value_read(step));
        }
        return std::nullopt;
    }

    [[nodiscard]] std::optional<version> written_of(place at, std::int64_t key) const {
        std::optional<version> last;
        for (const plain_step& step : history_[at].steps) {
            if (step.writes && step.key == key) last = version(key, step.value);
        }
        return last;
    }

    [[nodiscard]] std::set<std::int64_t> keys() const {
        std::set<std::int64_t> all;
        for (const plain_transaction& one : history_) {
            for (const plain_step& step : one.steps) all.insert(step.key);
        }
        return all;
    }

    [[nodiscard]] bool touches(place at, std::int64_t key) const {
        return history_[at].possible() && (read_of(at, key) || written_of(at, key));
    }

    [[nodiscard]] version first_of(place at, std::int64_t key) const {
        const auto read = read_of(at, key);
        const auto written = written_of(at, key);
        return read && (read->second != 0 || !written) ? *read : *written;
    }

    [[nodiscard]] std::set<pair> orders_of_time() const {
        std::set<pair> pairs;
        for (const std::int64_t key : keys()) {
            for (place one = 0; one < history_.size(); ++one) {
                for (place other = 0; other < history_.size(); ++other) {
                    if (!directly_after(one, other, key)) continue;
                    const auto written = written_of(one, key);
                    const version last = written ? *written : *read_of(one, key);
                    if (last != first_of(other, key)) pairs.emplace(last, first_of(other, key));
                }
            }
        }
        return pairs;
    }

    /// Nobody who touches the key both began and ended between the two.
    [[nodiscard]] bool directly_after(place one, place other, std::int64_t key) const {
        const auto precedes = [&](place early, place late) {
            return history_[early].ok() && touches(early, key) && touches(late, key) &&
                   history_[early].ended < history_[late].begun;
        };
        if (!precedes(one, other)) return false;
        for (place middle = 0; middle < history_.size(); ++middle) {
            if (precedes(one, middle) && precedes(middle, other)) return false;
        }
        return true;
    }

    [[nodiscard]] bool is_cyclic(std::set<pair> pairs) const {
        std::set<version> versions;
        for (const plain_transaction& one : history_) {
            std::map<std::int64_t, version> last;
            for (const plain_step& step : one.steps) {
                if (!step.writes) continue;
                const version now(step.key, step.value);
                if (last.contains(step.key)) pairs.emplace(last[step.key], now);
                last[step.key] = now;
            }
        }
        for (const auto& [before, after] : pairs) versions.insert({before, after});
        for (const version& one : versions) {
            if (one.second != 0) pairs.emplace(version(one.first, 0), one);
        }
        for (const version& middle : versions) {
            for (const version& from : versions) {
                for (const version& to : versions) {
                    if (pairs.contains({from, middle}) && pairs.contains({middle, to})) {
                        pairs.emplace(from, to);
                    }
                }
            }
        }
        return std::ranges::any_of(
            versions, [&pairs](const version& one) { return pairs.contains({one, one}); });
    }

    void add_arcs(plain_graph& graph, const std::set<pair>& pairs) const {
        for (const std::int64_t key : keys()) {
            for (place one = 0; one < history_.size(); ++one) {
                for (place other = 0; other < history_.size(); ++other) {
                    if (!history_[one].possible() || !history_[other].possible()) continue;
                    add_arc(graph[one][other], pairs, one, other, key);
                }
            }
        }
    }

    void add_arc(plain_arc& arc,
                 const std::set<pair>& pairs,
                 place one,
                 place other,
                 std::int64_t key) const {
        const auto read = read_of(one, key);
        const auto written = written_of(one, key);
        const auto later = written_of(other, key);
        if (written && written == read_of(other, key)) arc.wr = true;
        if (!later) return;
        if (written && pairs.contains({*written, *later})) arc.ww = true;
        if (read && (read->second == 0 || pairs.contains({*read, *later}))) arc.rw = true;
    }

    const plain_transactions& history_;
    plain_store store_;
    std::set<std::string> found_;
};

}  // namespace

std::set<std::string> judge_lists_slowly(const plain_transactions& history, plain_order order) {
    return list_reference(history).run(order);
}

std::set<std::string> judge_registers_slowly(const plain_transactions& history,
                                             plain_order order,
                                             bool linearizable_keys) {
    return register_reference(history).run(order, linearizable_keys);
}

}  // namespace verdikt::checker
