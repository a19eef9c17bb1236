#include "checker/compaction/compaction_checker.h"

#include "checker/compaction/keyed_records.h"
#include "checker/verdict/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

namespace verdikt::checker::compaction {

namespace {

using history::op_type;

class compaction_check {
  public:
    compaction_check(const recording& history, const settings& asked)
        : history_(history),
          asked_(asked),
          clock_error_(std::chrono::nanoseconds(asked.clock_error).count()),
          keys_(group_by_key(history)),
          by_offset_(history.rules().size()) {
        for (std::uint32_t each = 0; each < history.records().size(); ++each) {
            const record& one = history.records()[each];
            if (one.offset != unknown_offset) by_offset_[one.partition].push_back(each);
        }
    }

    judgement run() {
        for (const scan& each : history_.scans()) look_at(each);
        look_for_unread();
        look_at_totals();
        return found_.judge();
    }

  private:
    void look_at(const scan& by) {
        std::set<std::uint32_t> seen;
        for (const found_record& each : by.found) {
            look_at_source(by, each);
            seen.insert(each.which);
        }
        look_at_start(by);
        switch (history_.rules()[by.partition].cleanup) {
            case policy::unknown:
                unknown_rules_.insert(by.partition);
                break;
            case policy::compacted:
                for (const auto& [key, records] : keys_[by.partition]) {
                    look_at_key(by, seen, key, records);
                }
                break;
            case policy::deleted:
                look_at_ages(by, seen);
                break;
        }
        for (const std::uint32_t each : by_offset_[by.partition]) {
            const bool gone = history_.records()[each].offset < by.end && !seen.contains(each);
            if (gone) removed_.insert(each);
        }
    }

    void look_at_source(const scan& by, const found_record& what) {
        const record& one = history_.records()[what.which];
        if (one.was_sent && one.type != op_type::fail) return;
        found_.add(one.was_sent ? "G1a" : "phantom", true, [&] {
            return anomaly{
                .operations = operations({&by.when, one.was_sent ? &one.when : nullptr}),
                .what = fmt::format("{} read {} at offset {}, {}",
                                    operation(by.when),
                                    history_.text_of(what.which),
                                    what.offset,
                                    one.was_sent ? "whose send had failed" : "which nobody sent"),
                .places = {{history_.partition_text(by.partition), what.offset}}};
        });
    }

    // ---- Compacted partitions.

    void look_at_key(const scan& by,
                     const std::set<std::uint32_t>& seen,
                     std::uint32_t key,
                     const keyed_records& records) {
        const std::uint32_t newest = records.newest_below(by.end);
        if (newest == none || seen.contains(newest)) return;
        const record& missing = history_.records()[newest];
        if (missing.offset < deleted_before(by)) return;
        const displaced how = records.displaced_in(by);
        if (how == displaced::yes) return;
        const std::uint32_t older = newest_seen_of(by, key);
        const bool comes_back = missing.tombstone && older != none && is_swift(by);
        const bool too_early = !missing.tombstone || is_young(by, missing, tombstones_kept(by));
        if (!comes_back && !too_early) return;
        if (how == displaced::hardly) {
            ++undecided_;
            return;
        }
        if (too_early) report_missing(by, newest);
        if (comes_back) report_back(by, newest, older);
    }

    [[nodiscard]] std::uint32_t newest_seen_of(const scan& by, std::uint32_t key) const {
        std::uint32_t newest = none;
        std::int64_t highest = unknown_offset;
        for (const found_record& each : by.found) {
            if (history_.records()[each.which].key != key || each.offset < highest) continue;
            newest = each.which;
            highest = each.offset;
        }
        return newest;
    }

    /// Whoever reads more slowly than tombstones go may miss one whose key it has met before.
    [[nodiscard]] bool is_swift(const scan& by) const {
        return by.when.ended_at - by.when.begun_at < tombstones_kept(by) - clock_error_;
    }
    [[nodiscard]] bool is_young(const scan& by, const record& one, std::int64_t kept) const {
        return by.when.ended_at - one.when.begun_at < kept - clock_error_;
    }
    [[nodiscard]] std::int64_t tombstones_kept(const scan& by) const {
        return history_.rules()[by.partition].tombstones_kept;
    }

    void report_missing(const scan& by, std::uint32_t which) {
        const record& one = history_.records()[which];
        found_.add("compacted-too-much", asked_.durable, [&] {
            const std::string young =
                one.tombstone ? fmt::format(", {} ms after it was sent",
                                            (by.when.ended_at - one.when.begun_at) / 1'000'000)
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

    void look_at_ages(const scan& by, const std::set<std::uint32_t>& seen) {
        const std::int64_t kept = history_.rules()[by.partition].records_kept;
        const std::int64_t before = deleted_before(by);
        for (const std::uint32_t each : by_offset_[by.partition]) {
            const record& one = history_.records()[each];
            if (one.offset >= by.end || one.offset < before || seen.contains(each)) continue;
            if (!one.was_sent || !is_young(by, one, kept)) continue;
            found_.add("retained-too-little", asked_.durable, [&] {
                return anomaly{
                    .operations = operations({&one.when, &by.when}),
                    .what = fmt::format("{} was at offset {}; {} read the partition up to offset "
                                        "{} without it, {} ms after it was sent",
                                        history_.text_of(each),
                                        one.offset,
                                        operation(by.when),
                                        by.end,
                                        (by.when.ended_at - one.when.begun_at) / 1'000'000),
                    .places = {{history_.partition_text(by.partition), one.offset}}};
            });
        }
    }

    /// Below it, somebody may have asked for the records to go.
    [[nodiscard]] std::int64_t deleted_before(const scan& by) const {
        std::int64_t before = 0;
        for (const deletion& each : history_.deletions()) {
            if (each.partition != by.partition || each.when.begun >= by.when.ended) continue;
            before = std::max(before, each.before);
        }
        return before;
    }

    void look_at_start(const scan& by) {
        for (const deletion& each : history_.deletions()) {
            const bool earlier = each.partition == by.partition && each.when.ended < by.when.begun;
            if (!earlier || each.start <= by.start) continue;
            return report_start(by, each.when, each.start, asked_.durable);
        }
        for (const scan& each : history_.scans()) {
            const bool earlier = each.partition == by.partition && each.when.ended < by.when.begun;
            if (earlier && each.start > by.start) {
                return report_start(by, each.when, each.start, false);
            }
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
        const auto& scans = history_.scans();
        return std::ranges::any_of(scans.rbegin(), scans.rend(), [&one](const scan& by) {
            return by.partition == one.partition && by.when.begun > one.when.ended &&
                   by.end > one.offset;
        });
    }

    void look_at_totals() {
        const auto acknowledged = static_cast<std::uint64_t>(std::ranges::count_if(
            history_.records(), [](const record& one) { return one.type == op_type::ok; }));
        const std::uint64_t scans = history_.scans().size();
        found_.count("operations", history_.operations());
        found_.count("records", history_.records().size());
        found_.count("acknowledged", acknowledged);
        found_.count("full reads", scans);
        found_.count("records that were seen to be removed", removed_.size());
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
        doubt_below("records were removed", removed_.size(), asked_.removed_min);
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
    std::vector<std::map<std::uint32_t, keyed_records>> keys_;
    /// The records of each partition whose offsets are known.
    std::vector<std::vector<std::uint32_t>> by_offset_;
    std::set<std::uint32_t> removed_;
    std::set<std::uint32_t> unknown_rules_;
    std::uint64_t undecided_ = 0;
    findings found_;
};

}  // namespace

judgement check(const recording& history, const settings& asked) {
    return compaction_check(history, asked).run();
}

}  // namespace verdikt::checker::compaction
