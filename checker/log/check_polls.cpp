/// What consumers saw, in the order in which they saw it.
///
/// Two messages of a partition that follow each other, within one operation (`int-…`) or from a
/// process's last successful operation to its next, must lie at neighbouring positions of the log.
/// One step too far is a skip, one back or none a nonmonotonic poll. A failed or unknown operation
/// is compared but moves nothing: its records will be polled again. What is not known to lie
/// anywhere proves nothing.
///
/// Between operations only assigned partitions promise that; a rebalance may move a subscriber
/// anywhere. Within one operation, partitions named in its rebalance log are left out.
///
/// dirty-read: a message was read, and a later poll stepped over its position, and no poll after
/// that had it either. Where another message lies at its offset, `inconsistent-offsets` says so.
#include "checker/log/evidence.h"
#include "checker/log/process_positions.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

namespace verdikt::checker::log {

namespace {

using history::op_type;

/// A successful poll went past these positions of a partition without returning them.
struct passed {
    std::uint32_t partition;
    std::uint32_t begin;
    std::uint32_t end;
    std::uint32_t by;
};

class poll_check {
  public:
    poll_check(const evidence& seen, findings& into)
        : seen_(seen),
          into_(into),
          processes_(seen.history.processes()),
          subscribed_(seen.history.processes()),
          last_(seen.history.partitions().size()),
          rebalanced_(seen.history.partitions().size(), none) {}

    void run() {
        const auto& rows = seen_.history.rows();
        for (std::uint32_t at = 0; at < rows.size(); ++at) {
            const row& what = rows[at];
            if (what.what == act::assign || what.what == act::subscribe) {
                // Of one whose outcome is unknown nobody can say what the process holds since.
                if (what.type != op_type::fail) take_partitions(what);
            } else if (what.what != act::send) {
                take_polls(at, what);
            }
        }
    }

    [[nodiscard]] const std::vector<passed>& passes() const { return passes_; }

  private:
    struct last_polled {
        std::uint32_t row = none;
        const event* what = nullptr;
    };

    void take_partitions(const row& what) {
        const bool subscribes = what.what == act::subscribe;
        // Where a subscriber was moved to is not known once it takes partitions for itself, and who
        // starts from the beginning is meant to go back.
        const bool starts_afresh =
            what.from_beginning || (subscribed_[what.process] && !subscribes);
        processes_.keep_held(
            what.process, starts_afresh ? std::span<const event>() : seen_.history.events_of(what));
        subscribed_[what.process] = subscribes;
    }

    void take_polls(std::uint32_t at, const row& what) {
        for (const event& one : seen_.history.events_of(what)) {
            if (one.kind == event_kind::rebalanced) rebalanced_[one.subject] = at;
        }
        touched_.clear();
        for (const event& one : seen_.history.events_of(what)) {
            if (one.kind != event_kind::polled) continue;
            const std::uint32_t partition = seen_.history.partition_of(one);
            last_polled& last = last_[partition];
            if (last.row == at) {
                compare_within(at, partition, *last.what, one);
            } else {
                compare_between(at, what, partition, one);
                touched_.push_back(partition);
            }
            last = {at, &one};
        }
        if (what.type != op_type::ok) return;
        for (const std::uint32_t partition : touched_) {
            processes_.move(what.process, {partition, at, last_[partition].what});
        }
    }

    void compare_within(std::uint32_t at,
                        std::uint32_t partition,
                        const event& before,
                        const event& after) {
        if (rebalanced_[partition] == at) return;
        compare(
            {at, at, true}, partition, before, after, {"int-poll-skip", "int-nonmonotonic-poll"});
    }

    void compare_between(std::uint32_t at,
                         const row& what,
                         std::uint32_t partition,
                         const event& first) {
        const auto* const before = processes_.find(what.process, partition);
        if (before == nullptr) return;
        const bool subscribed = seen_.asked.sub_via
                                    ? *seen_.asked.sub_via == subscription::subscribe
                                    : subscribed_[what.process];
        compare({before->row, at, !subscribed},
                partition,
                *before->last,
                first,
                {"poll-skip", "nonmonotonic-poll"});
    }

    struct comparison {
        std::uint32_t before_row;
        std::uint32_t after_row;
        /// The second was to go on where the first had ended.
        bool follows;
    };
    struct names {
        std::string_view skip;
        std::string_view back;
    };

    void compare(comparison rows,
                 std::uint32_t partition,
                 const event& before,
                 const event& after,
                 names named) {
        const std::uint32_t from = seen_.orders.position_of(before);
        const std::uint32_t to = seen_.orders.position_of(after);
        if (from == none || to == none || to == from + 1) return;
        const bool skipped = to > from;
        const bool there = !skipped || is_promised_between(partition, from, to);
        const bool promised = rows.follows && seen_.asked.keeps_what_was_read() && there;
        into_.add(skipped ? named.skip : named.back, promised, [&] {
            return describe(rows, before, after, skipped ? "passing over messages" : "going back");
        });
        const bool ok = seen_.history.rows()[rows.after_row].type == op_type::ok;
        if (skipped && ok && rows.follows) {
            passes_.push_back({partition, from + 1, to, rows.after_row});
        }
    }

    /// Whether something had to be there. Where acknowledged messages may be lost, one that nobody
    /// ever read may be, and its place is empty.
    [[nodiscard]] bool is_promised_between(std::uint32_t partition,
                                           std::uint32_t above,
                                           std::uint32_t below) const {
        if (seen_.asked.durable) return true;
        return std::ranges::any_of(
            seen_.orders.between(partition, above, below),
            [this](const place& one) { return seen_.orders.first_reader_of(one.message) != none; });
    }

    anomaly describe(comparison rows,
                     const event& before,
                     const event& after,
                     std::string_view how) const {
        return {
            .operations = seen_.operations({rows.before_row, rows.after_row}),
            .what = fmt::format("{} polled {} at offset {} and {} went on with {} at offset {}, {}",
                                seen_.operation(rows.before_row),
                                seen_.message(before.subject),
                                before.offset,
                                seen_.operation(rows.after_row),
                                seen_.message(after.subject),
                                after.offset,
                                how),
            .places = seen_.places(after.subject, {before.offset, after.offset})};
    }

    const evidence& seen_;
    findings& into_;
    process_positions processes_;
    std::vector<bool> subscribed_;
    /// The last message polled of each partition, and by which row.
    std::vector<last_polled> last_;
    std::vector<std::uint32_t> rebalanced_;
    std::vector<std::uint32_t> touched_;
    std::vector<passed> passes_;
};

class dirty_read_check {
  public:
    dirty_read_check(const evidence& seen, findings& into) : seen_(seen), into_(into) {}

    void run(std::vector<passed> passes) {
        // For each position the pass that began last is the one to compare with, so those come
        // first and each position is looked at once.
        const auto& rows = seen_.history.rows();
        std::ranges::sort(passes, std::ranges::greater(), [&rows](const passed& one) {
            return std::pair(one.partition, rows[one.by].begun);
        });
        std::uint32_t partition = none;
        for (const passed& one : passes) {
            if (one.partition != partition) {
                partition = one.partition;
                enter(partition);
            }
            for (std::uint32_t at = free_from(one.begin); at < one.end; at = free_from(at)) {
                look_at(at, one.by);
                next_[at] = at + 1;
            }
        }
    }

  private:
    void enter(std::uint32_t partition) {
        log_ = seen_.orders.log_of(partition);
        begins_.clear();
        for (std::size_t at = 0; at < log_.size(); ++at) {
            if (at == 0 || log_[at].offset != log_[at - 1].offset) begins_.push_back(at);
        }
        begins_.push_back(log_.size());
        const auto positions = std::views::iota(0U, static_cast<std::uint32_t>(begins_.size()) + 1);
        next_.assign(positions.begin(), positions.end());
    }

    /// The first position from there on that no pass was compared with yet.
    std::uint32_t free_from(std::uint32_t position) {
        std::uint32_t found = position;
        while (next_[found] != found) found = next_[found];
        while (next_[position] != position) position = std::exchange(next_[position], found);
        return found;
    }

    void look_at(std::uint32_t position, std::uint32_t by) {
        for (std::size_t at = begins_[position]; at < begins_[position + 1]; ++at) {
            const std::uint32_t message = log_[at].message;
            // Of a duplicate the other place may have been read.
            const bool one_place =
                seen_.orders.first_position_of(message) == seen_.orders.last_position_of(message);
            if (one_place) look_at_message(message, by);
        }
    }

    void look_at_message(std::uint32_t message, std::uint32_t by) {
        const std::uint32_t reader = seen_.orders.last_reader_of(message);
        if (reader == none) return;
        const auto& rows = seen_.history.rows();
        if (rows[reader].ended >= rows[by].begun) return;
        into_.add("dirty-read", seen_.asked.keeps_what_was_read(), [&] {
            return anomaly{
                .operations = seen_.operations({reader, by}),
                .what = fmt::format("{} polled {}; {} went past it, and nobody met it again",
                                    seen_.operation(reader),
                                    seen_.message(message),
                                    seen_.operation(by)),
                .places = seen_.places(message, {seen_.orders.offset_of(message)})};
        });
    }

    const evidence& seen_;
    findings& into_;
    std::span<const place> log_;
    /// Where in the log each position begins; one more than there are.
    std::vector<std::size_t> begins_;
    std::vector<std::uint32_t> next_;
};

}  // namespace

void check_polls(const evidence& seen, findings& into) {
    poll_check polls(seen, into);
    polls.run();
    if (!polls.passes().empty()) dirty_read_check(seen, into).run(polls.passes());
}

}  // namespace verdikt::checker::log
