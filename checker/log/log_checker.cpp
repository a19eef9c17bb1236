#include "checker/log/log_checker.h"

#include "checker/log/evidence.h"

#include <fmt/format.h>

namespace verdikt::checker::log {

namespace {

using history::op_type;

struct totals {
    std::uint64_t sends = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t polls = 0;
    std::uint64_t polled = 0;
    std::uint64_t failed = 0;
    std::uint64_t unknown = 0;
};

totals count(const recording& history) {
    totals all;
    for (const row& one : history.rows()) {
        const bool ok = one.type == op_type::ok;
        bool sends = one.what == act::send;
        bool polls = one.what == act::poll;
        for (const event& what : history.events_of(one)) {
            sends = sends || what.kind == event_kind::sent;
            polls = polls || what.kind == event_kind::polled;
            if (what.kind == event_kind::polled) ++all.polled;
        }
        if (sends) ++all.sends;
        if (sends && ok) ++all.acknowledged;
        if (polls && ok) ++all.polls;
        if (one.type == op_type::fail) ++all.failed;
        if (one.type == op_type::info) ++all.unknown;
    }
    return all;
}

void doubt_what_is_too_little(const totals& all, const settings& asked, findings& into) {
    if (all.acknowledged < asked.sends_min) {
        into.doubt(fmt::format("{} operations that sent succeeded; fewer than {} prove nothing",
                               all.acknowledged,
                               asked.sends_min));
    }
    if (all.polls < asked.polls_min) {
        into.doubt(fmt::format("{} operations that polled succeeded; fewer than {} prove nothing",
                               all.polls,
                               asked.polls_min));
    }
}

}  // namespace

judgement check(const recording& history, const settings& asked) {
    const version_orders orders(history, asked.order);
    const evidence seen{history, orders, asked};
    findings found;
    const totals all = count(history);
    found.count("operations", history.rows().size());
    found.count("failed", all.failed);
    found.count("unknown", all.unknown);
    found.count("operations that sent", all.sends);
    found.count("operations that polled successfully", all.polls);
    found.count("messages", history.messages().size());
    found.count("records polled", all.polled);
    found.count("partitions", history.partitions().size());
    if (orders.sent_twice() > 0) {
        found.doubt(
            fmt::format("{} messages were sent with a value that their partition had been sent "
                        "before; which of "
                        "them was read nobody can tell",
                        orders.sent_twice()));
    }
    doubt_what_is_too_little(all, asked, found);
    check_messages(seen, found);
    check_losses(seen, found);
    check_polls(seen, found);
    check_sends(seen, found);
    check_marks(seen, found);
    check_cycles(seen, found);
    return found.judge();
}

}  // namespace verdikt::checker::log
