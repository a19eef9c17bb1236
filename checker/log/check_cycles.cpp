/// Operations that depend on each other in a circle.
///
/// A sender precedes each successful poller of its message (wr), the sender of a message precedes
/// that of the next in its partition (ww), and what ended precedes what began later (realtime).
/// Operations that failed take no part; one whose outcome is unknown precedes nothing in time.
///
/// Reads alone must not go in a circle: G1c, G1c-realtime. With ww they may, and writes may (G0): a
/// transaction's sends to several partitions are not one step in Kafka, so two may interleave.
/// Those are reported as seen.
#include "checker/graph/cycles.h"
#include "checker/graph/time_order.h"
#include "checker/log/evidence.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::checker::log {

namespace {

using graph::edge;
using graph::realtime;
using graph::reasons;
using graph::wr;
using graph::ww;
using history::op_type;

class cycle_check {
  public:
    cycle_check(const evidence& seen, findings& into) : seen_(seen), into_(into) {}

    void run() {
        add_reads();
        add_writes();
        const std::uint32_t nodes = add_times();
        const graph::digraph dependencies(nodes, edges_);
        edges_ = {};
        graph_ = &dependencies;
        // What holds without real time is the stronger finding, and reads alone than writes as
        // well.
        search({"G1c", wr, wr, seen_.asked.read_committed});
        search({"G1c-realtime", wr, wr | realtime, true});
        search({"G0", ww, ww, false});
        search({"G0-realtime", ww, ww | realtime, false});
        search({"G1c", wr, ww | wr, false});
        search({"G1c-realtime", wr, ww | wr | realtime, false});
    }

  private:
    struct kind {
        std::string_view name;
        /// One such arc must be in it.
        reasons needed;
        reasons allowed;
        bool promised;
    };

    /// A cycle that was reported: how it was searched, and one of its nodes.
    struct told {
        reasons needed;
        reasons allowed;
        std::uint32_t node;
    };

    [[nodiscard]] bool takes_part(std::uint32_t row) const {
        return row != none && seen_.history.rows()[row].type != op_type::fail;
    }

    void add_reads() {
        const auto& rows = seen_.history.rows();
        for (std::uint32_t at = 0; at < rows.size(); ++at) {
            if (rows[at].type != op_type::ok) continue;
            std::uint32_t last = none;
            for (const event& one : seen_.history.events_of(rows[at])) {
                if (one.kind != event_kind::polled) continue;
                const std::uint32_t writer = seen_.orders.writer_of(one.subject);
                if (writer == last || writer == at || !takes_part(writer)) continue;
                edges_.push_back({writer, at, wr});
                last = writer;
            }
        }
    }

    void add_writes() {
        for (std::uint32_t partition = 0; partition < seen_.history.partitions().size();
             ++partition) {
            std::uint32_t before = none;
            std::int64_t offset = unknown_offset;
            for (const place& one : seen_.orders.log_of(partition)) {
                const std::uint32_t writer = seen_.orders.writer_of(one.message);
                // Where several lie at one offset, the first stands for all.
                if (one.offset == offset || !takes_part(writer)) continue;
                if (before != none && before != writer) edges_.push_back({before, writer, ww});
                before = writer;
                offset = one.offset;
            }
        }
    }

    std::uint32_t add_times() {
        std::vector<graph::interval> intervals;
        intervals.reserve(seen_.history.rows().size());
        for (const row& one : seen_.history.rows()) {
            // A node without arcs of its own can be in no cycle; so can one that is no send or
            // poll.
            const bool known = one.type == op_type::ok;
            intervals.push_back({one.begun, known ? one.ended : graph::never});
        }
        return graph::add_time_order(intervals, edges_);
    }

    void search(kind wanted) {
        for (auto& nodes : graph::components(*graph_, wanted.allowed)) {
            graph::cycle_search component(*graph_, std::move(nodes));
            if (is_told(component.nodes(), wanted)) continue;
            const auto found = component.with_one(wanted.needed, wanted.allowed);
            if (!found) continue;
            report(wanted, *found);
        }
    }

    /// A component by fewer reasons lies within one by more of them; its cycle is the stronger
    /// finding.
    [[nodiscard]] bool is_told(const std::vector<std::uint32_t>& nodes, const kind& wanted) const {
        return std::ranges::any_of(told_, [&](const told& one) {
            return one.needed == wanted.needed && (one.allowed & ~wanted.allowed) == 0 &&
                   std::ranges::binary_search(nodes, one.node);
        });
    }

    void report(const kind& wanted, const graph::cycle& found) {
        told_.push_back({wanted.needed, wanted.allowed, found.front()});
        into_.add(wanted.name, wanted.promised, [&] {
            anomaly what;
            what.cycle = arcs(found, wanted.allowed);
            for (const dependency& one : what.cycle) what.operations.push_back(one.from);
            what.what = describe(what.cycle);
            return what;
        });
    }

    /// From operation to operation: moments of time between them are left out. Requires: the cycle
    /// begins with an operation.
    [[nodiscard]] std::vector<dependency> arcs(const graph::cycle& found, reasons allowed) const {
        std::vector<dependency> all;
        const auto& rows = seen_.history.rows();
        for (std::size_t at = 0; at < found.size(); ++at) {
            const std::uint32_t next = found[(at + 1) % found.size()];
            if (found[at] < rows.size()) {
                all.push_back({.from = seen_.history.index_of(rows[found[at]])});
                const reasons why = graph_->between(found[at], next) & allowed;
                all.back().why = (why & wr) != 0 ? "wr" : (why & ww) != 0 ? "ww" : "realtime";
            }
            if (next < rows.size()) all.back().to = seen_.history.index_of(rows[next]);
        }
        return all;
    }

    [[nodiscard]] static std::string describe(const std::vector<dependency>& arcs) {
        std::string text = fmt::format("operation {}", arcs.front().from);
        for (const dependency& one : arcs) {
            text += one.why == "wr"   ? " sent what was polled by "
                    : one.why == "ww" ? " sent the message before one of "
                                      : " ended before the beginning of ";
            text += fmt::format("operation {}", one.to);
        }
        return text;
    }

    const evidence& seen_;
    findings& into_;
    const graph::digraph* graph_ = nullptr;
    std::vector<edge> edges_;
    std::vector<told> told_;
};

}  // namespace

void check_cycles(const evidence& seen, findings& into) {
    cycle_check(seen, into).run();
}

}  // namespace verdikt::checker::log
