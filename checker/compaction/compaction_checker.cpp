#include "checker/compaction/compaction_checker.h"

#include "checker/compaction/keyed_records.h"
#include "checker/compaction/partition_marks.h"
#include "checker/verdict/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <vector>

namespace verdikt::checker::compaction {

namespace {

using history::op_type;

/// What the full read that is looked at found of a key.
struct newest_found {
    std::uint32_t scan = none;
    std::uint32_t which = none;
};

class compaction_check {
  public:
    compaction_check(const recording& history, const settings& asked)
        : history_(history),
          asked_(asked),
          clock_error_(std::chrono::nanoseconds(asked.clock_error).count()),
          keys_(group_by_key(history)),
          newest_found_(history.keys()),
          keys_of_(history.rules().size()),
          marks_(marks_of_partitions(history)),
          found_in_(history.records().size(), none),
          times_found_(history.records().size(), 0) {
        for (std::uint32_t key = 0; key < history.keys(); ++key) {
            keys_of_[history.partition_of_key(key)].push_back(key);
        }
    }

    judgement run() {
        for (scan_ = 0; scan_ < history_.scans().size(); ++scan_) look_at(history_.scans()[scan_]);
        look_for_unread();
        look_at_totals();
        return found_.judge();
    }

  private:
    void look_at(const scan& by) {
        for (const std::uint32_t each : by.found) {
            look_at_source(by, each);
            note_found(by, each);
        }
        look_at_start(by);
        switch (history_.rules()[by.partition].cleanup) {
            case policy::unknown:
                unknown_rules_.insert(by.partition);
                break;
            case policy::compacted:
                for (const std::uint32_t key : keys_of_[by.partition]) look_at_key(by, key);
                break;
            case policy::deleted:
                look_at_ages(by);
                break;
        }
    }

    void note_found(const scan& by, std::uint32_t which) {
        const record& one = history_.records()[which];
        newest_found& newest = newest_found_[one.key];
        if (newest.scan != scan_ || history_.records()[newest.which].offset <= one.offset) {
            newest = {scan_, which};
        }
        if (was_found(which)) return;
        found_in_[which] = scan_;
        if (one.offset < by.end) ++times_found_[which];
    }

    /// By the full read that is looked at.
    [[nodiscard]] bool was_found(std::uint32_t which) const { return found_in_[which] == scan_; }

    void look_at_source(const scan& by, std::uint32_t which) {
        const record& one = history_.records()[which];
        if (one.was_sent && one.type != op_type::fail) return;
        found_.add(one.was_sent ? "G1a" : "phantom", true, [&] {
            return anomaly{
                .operations = operations({&by.when, one.was_sent ? &one.when : nullptr}),
                .what = fmt::format("{} read {} at offset {}, {}",
                                    operation(by.when),
                                    history_.text_of(which),
                                    one.offset,
                                    one.was_sent ? "whose send had failed" : "which nobody sent"),
                .places = {{history_.partition_text(by.partition), one.offset}}};
        });
    }

    // ---- Compacted partitions.

    void look_at_key(const scan& by, std::uint32_t key) {
        const keyed_records& records = keys_[key];
        const std::uint32_t newest = records.newest_below(by.end);
        if (newest == none || was_found(newest)) return;
        const record& missing = history_.records()[newest];
        if (missing.offset < deleted_before(by)) return;
        const displaced how = records.displaced_in(by);
        if (how == displaced::yes) return;
        const bool is_older_there = newest_found_[key].scan == scan_;
        const bool comes_back = missing.tombstone && is_older_there && is_swift(by);
        const bool too_early = !missing.tombstone || is_young(by, missing);
        if (!comes_back && !too_early) return;
        if (how == displaced::hardly) {
            ++undecided_;
            return;
        }
        if (too_early) report_missing(by, newest);
        if (comes_back) report_back(by, newest, newest_found_[key].which);
    }

    /// Whoever reads more slowly than tombstones go may miss one whose key it has met before.
    [[nodiscard]] bool is_swift(const scan& by) const {
        return by.ended_at - by.begun_at < tombstones_kept(by) - clock_error_;
    }
    [[nodiscard]] bool is_young(const scan& by, const record& tombstone) const {
        return by.ended_at - tombstone.begun_at < tombstones_kept(by) - clock_error_;
    }
    [[nodiscard]] std::int64_t tombstones_kept(const scan& by) const {
        return history_.rules()[by.partition].tombstones_kept;
    }

    void report_missing(const scan& by, std::uint32_t which) {
        const record& one = history_.records()[which];
        found_.add("compacted-too-much", asked_.durable, [&] {
            const std::string young = one.tombstone
                                          ? fmt::format(", {} ms after it was sent",
                                                        (by.ended_at - one.begun_at) / 1'000'000)
                                          : std::string();
            return anomaly{.operations = operations({&one.when, &by.when}),
                           .what = fmt::format("{} was at offset {}; {} read the partition up to "
                                               "offset {} without it{}, and nothing had displaced "
                                               "it",
                                               history_.text_of(which),
                                               one.offset,
                                               operation(by.when),
                                               by.end,
                                               young),
                           .places = {{history_.partition_text(by.partition), one.offset}}};
        });
    }

    void report_back(const scan& by, std::uint32_t tombstone, std::uint32_t older) {
        const record& gone = history_.records()[tombstone];
        const record& back = history_.records()[older];
        found_.add("resurrected", asked_.durable, [&] {
            return anomaly{.how = certainty::inferred,
                           .operations = operations({&back.when, &gone.when, &by.when}),
                           .what = fmt::format("{} was deleted by {} at offset {}, which is gone; "
                                               "{} read the record at offset {}",
                                               history_.text_of(older),
                                               history_.text_of(tombstone),
                                               gone.offset,
                                               operation(by.when),
                                               back.offset),
                           .places = {{history_.partition_text(by.partition), back.offset},
                                      {history_.partition_text(by.partition), gone.offset}}};
        });
    }

    // ---- Partitions whose old records are deleted.

    void look_at_ages(const scan& by) {
        const std::int64_t kept = history_.rules()[by.partition].records_kept - clock_error_;
        const partition_marks& marks = marks_[by.partition];
        const auto rest = marks.not_older(history_, deleted_before(by), kept, by.ended_at);
        for (const std::uint32_t each : rest) {
            const record& one = history_.records()[each];
            if (one.offset >= by.end) return;
            if (was_found(each) || !one.was_sent || by.ended_at - one.begun_at >= kept) continue;
            found_.add("retained-too-little", asked_.durable, [&] {
                return anomaly{
                    .operations = operations({&one.when, &by.when}),
                    .what = fmt::format("{} was at offset {}; {} read the partition up to offset "
                                        "{} without it, {} ms after it was sent",
                                        history_.text_of(each),
                                        one.offset,
                                        operation(by.when),
                                        by.end,
                                        (by.ended_at - one.begun_at) / 1'000'000),
                    .places = {{history_.partition_text(by.partition), one.offset}}};
            });
        }
    }

    /// Below it, somebody may have asked for the records to go.
    [[nodiscard]] std::int64_t deleted_before(const scan& by) const {
        const auto* const furthest = marks_[by.partition].deleting.below(by.when.ended);
        return furthest == nullptr ? 0 : std::max<std::int64_t>(0, furthest->value);
    }

    void look_at_start(const scan& by) {
        const auto& marks = marks_[by.partition];
        const auto* const deleted = marks.deleted_start.below(by.when.begun);
        if (deleted != nullptr && deleted->value > by.start) {
            const deletion& told = history_.deletions()[deleted->which];
            return report_start(by, told.when, told.start, asked_.durable);
        }
        const auto* const read = marks.read_start.below(by.when.begun);
        if (read != nullptr && read->value > by.start) {
            const scan& told = history_.scans()[read->which];
            report_start(by, told.when, told.start, false);
        }
    }

    void report_start(const scan& by,
                      const span_of_lines& told,
                      std::int64_t start,
                      bool promised) {
        found_.add("log-start-went-back", promised, [&] {
            return anomaly{.operations = operations({&told, &by.when}),
                           .what = fmt::format("{} was told that partition {} begins at offset {}, "
                                               "and {}, later, that it begins at {}",
                                               operation(told),
                                               history_.partition_text(by.partition),
                                               start,
                                               operation(by.when),
                                               by.start),
                           .places = {{history_.partition_text(by.partition), by.start}}};
        });
    }

    // ---- What was not looked at.

    void look_for_unread() {
        std::uint64_t unread = 0;
        for (const record& one : history_.records()) {
            if (one.type != op_type::ok || one.offset == unknown_offset || !one.was_sent) continue;
            unread += is_read_later(one) ? 0 : 1;
        }
        if (unread > 0) {
            found_.doubt(
                fmt::format("{} acknowledged records lie where no full read looked later", unread));
        }
    }

    [[nodiscard]] bool is_read_later(const record& one) const {
        const auto& marks = marks_[history_.partition_of(one)];
        const auto* const furthest = marks.read_end.below(-std::int64_t{one.when.ended});
        return furthest != nullptr && furthest->value > one.offset;
    }

    /// Some full read that looked far enough was without it.
    [[nodiscard]] bool was_removed(std::uint32_t which) const {
        const record& one = history_.records()[which];
        return one.offset != unknown_offset &&
               times_found_[which] < marks_[history_.partition_of(one)].scans_beyond(one.offset);
    }

    void look_at_totals() {
        const auto acknowledged = static_cast<std::uint64_t>(std::ranges::count_if(
            history_.records(), [](const record& one) { return one.type == op_type::ok; }));
        const std::uint64_t scans = history_.scans().size();
        std::uint64_t removed = 0;
        for (std::uint32_t each = 0; each < history_.records().size(); ++each) {
            removed += was_removed(each) ? 1 : 0;
        }
        found_.count("operations", history_.operations());
        found_.count("records", history_.records().size());
        found_.count("acknowledged", acknowledged);
        found_.count("full reads", scans);
        found_.count("records that were seen to be removed", removed);
        if (undecided_ > 0) {
            found_.doubt(
                fmt::format("{} records are missing that only a send of unknown outcome "
                            "could have displaced",
                            undecided_));
        }
        for (const std::uint32_t each : unknown_rules_) {
            found_.doubt(fmt::format("nothing says how partition {} is cleaned",
                                     history_.partition_text(each)));
        }
        doubt_below("sends succeeded", acknowledged, asked_.sends_min);
        doubt_below("full reads succeeded", scans, asked_.scans_min);
        doubt_below("records were removed", removed, asked_.removed_min);
    }

    void doubt_below(std::string_view what, std::uint64_t count, std::uint64_t least) {
        if (count >= least) return;
        found_.doubt(fmt::format("{} {}; fewer than {} prove nothing", count, what, least));
    }

    [[nodiscard]] std::string operation(const span_of_lines& when) const {
        return fmt::format("operation {}", history_.index_of(when));
    }
    /// Their indexes, in order, each once; null is left out.
    [[nodiscard]] std::vector<std::int64_t> operations(
        std::initializer_list<const span_of_lines*> all) const {
        std::set<std::int64_t> indexes;
        for (const span_of_lines* const each : all) {
            if (each != nullptr) indexes.insert(history_.index_of(*each));
        }
        return {indexes.begin(), indexes.end()};
    }

    const recording& history_;
    const settings& asked_;
    std::int64_t clock_error_;
    std::vector<keyed_records> keys_;
    std::vector<newest_found> newest_found_;           ///< By key.
    std::vector<std::vector<std::uint32_t>> keys_of_;  ///< By partition.
    std::vector<partition_marks> marks_;
    /// The full read that is looked at.
    std::uint32_t scan_ = 0;
    /// By record: the last full read that found it, and how many did that looked as far.
    std::vector<std::uint32_t> found_in_;
    std::vector<std::uint32_t> times_found_;
    std::set<std::uint32_t> unknown_rules_;
    std::uint64_t undecided_ = 0;
    findings found_;
};

}  // namespace

judgement check(const recording& history, const settings& asked) {
    return compaction_check(history, asked).run();
}

}  // namespace verdikt::checker::compaction
