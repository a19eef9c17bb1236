/// The order in which one producer's messages lie in the log.
///
/// Within an operation and from one operation of a process to its next that succeeded or is
/// unknown, later sends to a partition lie at higher positions. Others' messages in between are
/// allowed (`int-send-skip`).
#include "checker/log/evidence.h"
#include "checker/log/process_positions.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::checker::log {

namespace {

using history::op_type;

class send_check {
  public:
    send_check(const evidence& seen, findings& into)
        : seen_(seen),
          into_(into),
          processes_(seen.history.processes()),
          last_(seen.history.partitions().size()) {}

    void run() {
        const auto& rows = seen_.history.rows();
        for (std::uint32_t at = 0; at < rows.size(); ++at) {
            const row& what = rows[at];
            if (what.type == op_type::fail) continue;
            if (what.what == act::assign || what.what == act::subscribe) {
                processes_.keep_held(what.process, seen_.history.events_of(what));
            } else {
                take_sends(at, what);
            }
        }
    }

  private:
    struct last_sent {
        std::uint32_t row = none;
        const event* what = nullptr;
    };

    void take_sends(std::uint32_t at, const row& what) {
        touched_.clear();
        for (const event& one : seen_.history.events_of(what)) {
            if (one.kind != event_kind::sent) continue;
            const std::uint32_t partition = seen_.history.partition_of(one);
            last_sent& last = last_[partition];
            if (last.row == at) {
                compare_within(at, *last.what, one);
            } else {
                compare_between(at, what, partition, one);
                touched_.push_back(partition);
            }
            last = {at, &one};
        }
        for (const std::uint32_t partition : touched_) {
            processes_.move(what.process, {partition, at, last_[partition].what});
        }
    }

    void compare_within(std::uint32_t at, const event& before, const event& after) {
        const std::uint32_t from = seen_.orders.position_of(before);
        const std::uint32_t to = seen_.orders.position_of(after);
        if (from == none || to == none || to == from + 1) return;
        if (to > from) {
            into_.add("int-send-skip", false, [&] {
                return describe(at, at, before, after, "with messages of others in between");
            });
        } else {
            into_.add("int-nonmonotonic-send", seen_.ordered(at), [&] {
                return describe(at, at, before, after, "which is not behind it");
            });
        }
    }

    void compare_between(std::uint32_t at,
                         const row& what,
                         std::uint32_t partition,
                         const event& first) {
        const auto* const before = processes_.find(what.process, partition);
        if (before == nullptr) return;
        const std::uint32_t from = seen_.orders.position_of(*before->last);
        const std::uint32_t to = seen_.orders.position_of(first);
        if (from == none || to == none || to > from) return;
        const bool promised = seen_.ordered(before->row) && seen_.ordered(at);
        into_.add("nonmonotonic-send", promised, [&] {
            return describe(before->row, at, *before->last, first, "which is not behind it");
        });
    }

    anomaly describe(std::uint32_t first_row,
                     std::uint32_t second_row,
                     const event& before,
                     const event& after,
                     std::string_view how) const {
        return {
            .operations = seen_.operations({first_row, second_row}),
            .what = fmt::format("{} sent {}, at offset {}, and {} then sent {}, at offset {}, {}",
                                seen_.operation(first_row),
                                seen_.message(before.subject),
                                seen_.orders.offset_of(before.subject),
                                seen_.operation(second_row),
                                seen_.message(after.subject),
                                seen_.orders.offset_of(after.subject),
                                how),
            .places = seen_.places(
                after.subject,
                {seen_.orders.offset_of(before.subject), seen_.orders.offset_of(after.subject)})};
    }

    const evidence& seen_;
    findings& into_;
    process_positions processes_;
    /// The last message sent to each partition, and by which row.
    std::vector<last_sent> last_;
    std::vector<std::uint32_t> touched_;
};

}  // namespace

void check_sends(const evidence& seen, findings& into) {
    send_check(seen, into).run();
}

}  // namespace verdikt::checker::log
