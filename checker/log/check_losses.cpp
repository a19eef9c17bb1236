/// What was committed and is not there.
///
/// lost-write: the message lies at or below the highest position that a successful poll returned of
/// its partition, so that readers went past it, and none was ever given it. The highest counts at
/// the first place of each message read, the loss at the last place of the message: a duplicate
/// proves nothing. One whose sender did not wait for all replicas has no place of its own once
/// nobody read it; the offset that it was told counts.
///
/// unseen: acknowledged, never read. It proves a loss only if the partition was read to its end
/// after the acknowledgement (final_reads.h); otherwise it is a doubt.
///
/// torn-transaction: of one transaction, some messages were read, and one was not though its
/// partition was read to its end after somebody had read the others.
#include "checker/log/evidence.h"
#include "checker/log/final_reads.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::checker::log {

namespace {

using history::op_type;

class loss_check {
  public:
    loss_check(const evidence& seen, findings& into)
        : seen_(seen),
          into_(into),
          bounds_(seen.history.partitions().size(), none),
          bound_offsets_(seen.history.partitions().size(), unknown_offset),
          finals_(find_final_reads(seen.history)) {}

    void run() {
        find_bounds();
        const auto& rows = seen_.history.rows();
        for (std::uint32_t at = 0; at < rows.size(); ++at) {
            if (seen_.orders.must_have_committed(at)) look_at(at, rows[at]);
        }
        if (undecided_ > 0) {
            into_.doubt(fmt::format(
                "{} acknowledged messages were never polled, and the history shows no full read of "
                "their partitions after that",
                undecided_));
        }
    }

  private:
    /// The message whose first position is the highest among those read, of each partition.
    void find_bounds() {
        for (std::uint32_t message = 0; message < seen_.history.messages().size(); ++message) {
            if (seen_.orders.first_reader_of(message) == none) continue;
            const std::uint32_t position = seen_.orders.first_position_of(message);
            if (position == none) continue;
            std::uint32_t& bound = bounds_[seen_.history.messages().partition_of(message)];
            if (bound == none || seen_.orders.first_position_of(bound) < position) bound = message;
        }
        for (std::uint32_t partition = 0; partition < bounds_.size(); ++partition) {
            const auto log = seen_.orders.log_of(partition);
            const auto first = std::ranges::find(log, bounds_[partition], &place::message);
            if (first != log.end()) bound_offsets_[partition] = first->offset;
        }
    }

    void look_at(std::uint32_t at, const row& what) {
        const std::uint32_t read = first_reader_of(at, what);
        bool torn = false;
        for (const event& one : seen_.history.events_of(what)) {
            if (one.kind != event_kind::sent || seen_.orders.writer_of(one.subject) != at) continue;
            if (seen_.orders.first_reader_of(one.subject) != none) continue;
            const bool lost = look_for_loss(at, one);
            if (what.type == op_type::ok) look_at_unseen(at, what, one, lost);
            if (what.what == act::txn && read != none && !torn) torn = look_at_torn(at, one, read);
        }
    }

    /// The first to read anything of what the operation sent.
    [[nodiscard]] std::uint32_t first_reader_of(std::uint32_t at, const row& what) const {
        std::uint32_t first = none;
        for (const event& one : seen_.history.events_of(what)) {
            if (one.kind != event_kind::sent || seen_.orders.writer_of(one.subject) != at) continue;
            first = std::min(first, seen_.orders.first_reader_of(one.subject));
        }
        return first;
    }

    bool look_for_loss(std::uint32_t at, const event& sent) {
        const std::uint32_t bound = bounds_[seen_.history.partition_of(sent)];
        if (bound == none || !lies_below(at, sent, bound)) return false;
        into_.add("lost-write", seen_.durable(at), [&] {
            const std::uint32_t reader = seen_.orders.first_reader_of(bound);
            return anomaly{.operations = seen_.operations({at, reader}),
                           .what = fmt::format(
                               "{} was committed at offset {} by {}; no poll returned it, and {} "
                               "read on to offset {}",
                               seen_.message(sent.subject),
                               place_of(sent),
                               seen_.operation(at),
                               seen_.operation(reader),
                               seen_.orders.offset_of(bound)),
                           .places = seen_.places(sent.subject,
                                                  {place_of(sent), seen_.orders.offset_of(bound)})};
        });
        return true;
    }

    [[nodiscard]] std::int64_t place_of(const event& sent) const {
        const std::int64_t known = seen_.orders.offset_of(sent.subject);
        return known == unknown_offset ? sent.offset : known;
    }

    [[nodiscard]] bool lies_below(std::uint32_t at, const event& sent, std::uint32_t bound) const {
        const std::uint32_t position = seen_.orders.last_position_of(sent.subject);
        if (position != none) return position <= seen_.orders.first_position_of(bound);
        return seen_.history.rows()[at].is_weak() && sent.offset != unknown_offset &&
               sent.offset <= bound_offsets_[seen_.history.partition_of(sent)];
    }

    /// Without a full read after it, whoever read on might have begun behind the message.
    [[nodiscard]] bool is_read_to_end(std::uint32_t at, const event& sent) const {
        const row& what = seen_.history.rows()[at];
        const final_read& last = finals_[seen_.history.partition_of(sent)];
        return seen_.asked.finally == final_reads::made ||
               (what.type == op_type::ok && last.since > what.ended);
    }

    void look_at_unseen(std::uint32_t at, const row& what, const event& sent, bool lost) {
        const final_read& last = finals_[seen_.history.partition_of(sent)];
        const bool covered = last.since > what.ended;
        const bool decided = lost || covered || seen_.asked.finally == final_reads::made;
        if (!decided) {
            ++undecided_;
            return;
        }
        into_.add("unseen", seen_.durable(at), [&] {
            return anomaly{
                .how = covered && !lost ? last.how : certainty::certain,
                .operations = seen_.operations({at, covered && !lost ? last.shown_by : none}),
                .what = fmt::format("{} was acknowledged by {} and never polled",
                                    seen_.message(sent.subject),
                                    seen_.operation(at)),
                .places = seen_.places(sent.subject, {place_of(sent)})};
        });
    }

    bool look_at_torn(std::uint32_t at, const event& missing, std::uint32_t reader) {
        const final_read& last = finals_[seen_.history.partition_of(missing)];
        if (last.since <= seen_.history.rows()[reader].ended) return false;
        into_.add("torn-transaction", seen_.asked.keeps_transactions_whole(), [&] {
            return anomaly{.how = last.how,
                           .operations = seen_.operations({at, reader, last.shown_by}),
                           .what = fmt::format(
                               "{} read a part of the transaction of {}, but {} was not there when "
                               "its partition was read to the end by {}",
                               seen_.operation(reader),
                               seen_.operation(at),
                               seen_.message(missing.subject),
                               seen_.operation(last.shown_by))};
        });
        return true;
    }

    const evidence& seen_;
    findings& into_;
    std::vector<std::uint32_t> bounds_;
    /// The lowest offset of each.
    std::vector<std::int64_t> bound_offsets_;
    std::vector<final_read> finals_;
    std::uint64_t undecided_ = 0;
};

}  // namespace

void check_losses(const evidence& seen, findings& into) {
    loss_check(seen, into).run();
}

}  // namespace verdikt::checker::log
