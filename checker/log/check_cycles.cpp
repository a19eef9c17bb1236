/// Operations that depend on each other in a circle.
///
/// A sender precedes each successful poller of its message (wr), the sender of a message precedes
/// that of the next in its partition (ww), and what ended precedes what began later (realtime).
/// Operations that failed take no part; one whose outcome is unknown precedes nothing in time.
///
/// Reads alone must not go in a circle: G1c, G1c-realtime. With ww they may, and writes may (G0): a
/// transaction's sends to several partitions are not one step in Kafka, so two may interleave.
/// Those are reported as seen. So are all circles where transactions are read before they commit:
/// two that run side by side may then read each other. Only what was read by an operation that had
/// ended before the send began is never allowed.
#include "checker/graph/cycles.h"
#include "checker/graph/time_order.h"
#include "checker/log/evidence.h"
#include "runtime/check.h"

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
        const graph::time_order times = order_in_time();
        const auto rows = static_cast<std::uint32_t>(seen_.history.rows().size());
        const auto dependencies = graph::digraph::of(rows + times.moments(), [&](const auto& take) {
            add_reads(take);
            add_writes(take);
            times.for_each_edge(take);
        });
        graph_ = &dependencies;
        const bool committed_only = seen_.asked.read_committed;
        if (!committed_only) look_for_reads_of_the_future();
        // What holds without real time is the stronger finding, and reads alone than writes as
        // well.
        search({"G1c", wr, wr, committed_only});
        search({"G1c-realtime", wr, wr | realtime, committed_only});
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

    template <typename Take>
    void add_reads(const Take& take) const {
        const auto& rows = seen_.history.rows();
        for (std::uint32_t at = 0; at < rows.size(); ++at) {
            if (rows[at].type != op_type::ok) continue;
            std::uint32_t last = none;
            for (const event& one : seen_.history.events_of(rows[at])) {
                if (one.kind != event_kind::polled) continue;
                const std::uint32_t writer = seen_.orders.writer_of(one.subject);
                if (writer == last || writer == at || !takes_part(writer)) continue;
                take(edge{writer, at, wr});
                last = writer;
            }
        }
    }

    template <typename Take>
    void add_writes(const Take& take) const {
        for (std::uint32_t partition = 0; partition < seen_.history.partitions().size();
             ++partition) {
            std::uint32_t before = none;
            std::int64_t offset = unknown_offset;
            for (const place& one : seen_.orders.log_of(partition)) {
                const std::uint32_t writer = seen_.orders.writer_of(one.message);
                // Where several lie at one offset, the first stands for all.
                if (one.offset == offset || !takes_part(writer)) continue;
                if (before != none && before != writer) take(edge{before, writer, ww});
                before = writer;
                offset = one.offset;
            }
        }
    }

    [[nodiscard]] graph::time_order order_in_time() const {
        std::vector<graph::interval> intervals;
        intervals.reserve(seen_.history.rows().size());
        for (const row& one : seen_.history.rows()) {
            // A node without arcs of its own can be in no cycle; so can one that is no send or
            // poll.
            const bool known = one.type == op_type::ok;
            intervals.push_back({one.begun, known ? one.ended : graph::never});
        }
        return graph::time_order(intervals);
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
        into_.add(
            wanted.name, wanted.promised, [&] { return describe(arcs(found, wanted.allowed)); });
    }

    void look_for_reads_of_the_future() {
        const auto& rows = seen_.history.rows();
        for (std::uint32_t at = 0; at < rows.size(); ++at) {
            if (rows[at].type != op_type::ok) continue;
            for (const event& one : seen_.history.events_of(rows[at])) {
                if (one.kind != event_kind::polled) continue;
                const std::uint32_t writer = seen_.orders.writer_of(one.subject);
                if (!takes_part(writer) || rows[writer].begun < rows[at].ended) continue;
                into_.add("G1c-realtime", true, [&] {
                    return describe({{writer, at, wr}, {at, writer, realtime}});
                });
                break;
            }
        }
    }

    /// One operation comes before another, by row.
    struct arc {
        std::uint32_t from = none;
        std::uint32_t to = none;
        reasons why = 0;
    };

    /// From operation to operation: moments of time between them are left out. Requires: the cycle
    /// begins with an operation.
    [[nodiscard]] std::vector<arc> arcs(const graph::cycle& found, reasons allowed) const {
        std::vector<arc> all;
        const auto rows = seen_.history.rows().size();
        for (std::size_t at = 0; at < found.size(); ++at) {
            const std::uint32_t next = found[(at + 1) % found.size()];
            if (found[at] < rows) {
                const reasons why = graph_->between(found[at], next) & allowed;
                all.push_back({.from = found[at],
                               .why = (why & wr) != 0   ? wr
                                      : (why & ww) != 0 ? ww
                                                        : realtime});
            }
            if (next < rows) all.back().to = next;
        }
        return all;
    }

    [[nodiscard]] anomaly describe(const std::vector<arc>& circle) const {
        anomaly told;
        for (const arc& one : circle) {
            const std::int64_t from = seen_.history.index_of(seen_.history.rows()[one.from]);
            told.operations.push_back(from);
            told.cycle.push_back({.from = from,
                                  .to = seen_.history.index_of(seen_.history.rows()[one.to]),
                                  .why = one.why == wr   ? "wr"
                                         : one.why == ww ? "ww"
                                                         : "realtime"});
            if (!told.what.empty()) told.what += "; ";
            told.what += one.why == wr   ? explain_read(one)
                         : one.why == ww ? explain_order(one)
                                         : fmt::format("{} ended before {} began",
                                                       seen_.operation(one.from),
                                                       seen_.operation(one.to));
        }
        return told;
    }

    [[nodiscard]] std::string explain_read(const arc& which) const {
        const auto events = seen_.history.events_of(seen_.history.rows()[which.to]);
        const auto read = std::ranges::find_if(events, [&](const event& one) {
            return one.kind == event_kind::polled &&
                   seen_.orders.writer_of(one.subject) == which.from;
        });
        CHECK(read != events.end(), "nobody reads anything in an arc of reading");
        return fmt::format("{} polled {}, which {} had sent",
                           seen_.operation(which.to),
                           seen_.message(read->subject),
                           seen_.operation(which.from));
    }

    [[nodiscard]] std::string explain_order(const arc& which) const {
        for (const event& one : seen_.history.events_of(seen_.history.rows()[which.from])) {
            if (one.kind != event_kind::sent) continue;
            const std::uint32_t next = follower_of(one.subject, which.from);
            if (next == none || seen_.orders.writer_of(next) != which.to) continue;
            return fmt::format("{} sent {}, and behind it lies {}, which {} sent",
                               seen_.operation(which.from),
                               seen_.message(one.subject),
                               seen_.message(next),
                               seen_.operation(which.to));
        }
        // By another place than the first of one that lies at several.
        return fmt::format("{} sent a message behind which lies one that {} sent",
                           seen_.operation(which.from),
                           seen_.operation(which.to));
    }

    /// The next message in the log, as `add_writes` goes, that somebody else sent.
    [[nodiscard]] std::uint32_t follower_of(std::uint32_t message, std::uint32_t writer) const {
        const auto log = seen_.orders.log_of(seen_.history.messages().partition_of(message));
        std::int64_t offset = seen_.orders.offset_of(message);
        auto at = std::ranges::upper_bound(log, offset, {}, &place::offset);
        for (; at != log.end(); ++at) {
            const std::uint32_t other = seen_.orders.writer_of(at->message);
            if (at->offset == offset || !takes_part(other)) continue;
            if (other != writer) return at->message;
            offset = at->offset;
        }
        return none;
    }

    const evidence& seen_;
    findings& into_;
    const graph::digraph* graph_ = nullptr;
    std::vector<told> told_;
};

}  // namespace

void check_cycles(const evidence& seen, findings& into) {
    cycle_check(seen, into).run();
}

}  // namespace verdikt::checker::log
