#include "checker/transactions/final_reads.h"

#include "checker/transactions/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <set>

namespace verdikt::checker::transactions {

namespace {

class final_check {
  public:
    final_check(const recording& history,
                const writers& wrote,
                const final_reads& last,
                const sightings& seen,
                const consistency_model& model)
        : history_(history),
          wrote_(wrote),
          last_(last),
          seen_(seen),
          model_(model),
          words_(history),
          shown_by_(history.rows().size(), none) {
        for (std::uint32_t value = 0; value < seen_.first_reader.size(); ++value) {
            const std::uint32_t writer = wrote_.of(value);
            const std::uint32_t reader = seen_.first_reader[value];
            if (writer != none) shown_by_[writer] = std::min(shown_by_[writer], reader);
        }
    }

    void run(findings& into) const {
        for (std::uint32_t value = 0; value < seen_.missing.size(); ++value) {
            const std::uint32_t writer = wrote_.of(value);
            if (!seen_.missing[value] || writer == none) continue;
            // What failed need not be there.
            if (history_.rows()[writer].possible()) check(value, writer, into);
        }
    }

  private:
    void check(std::uint32_t value, std::uint32_t writer, findings& into) const {
        const std::uint32_t last = last_.of(history_.values().partition_of(value)).row;
        const std::uint32_t reader = seen_.first_reader[value];
        const bool acknowledged = history_.rows()[writer].ok() && ended_before(writer, last);
        const bool was_read = reader != none && ended_before(reader, last);
        if (acknowledged || was_read) {
            into.add("lost-write", model_.forbids("lost-write"), [&] {
                return lost(value, writer, acknowledged ? none : reader, last);
            });
        } else if (!history_.rows()[writer].ok() && shown_by_[writer] != none &&
                   ended_before(writer, last)) {
            into.add("torn-transaction", model_.forbids("torn-transaction"), [&] {
                return torn(value, writer, last);
            });
        }
    }

    [[nodiscard]] bool ended_before(std::uint32_t one, std::uint32_t other) const {
        const std::uint32_t ended = history_.rows()[one].ended;
        return ended != none && ended < history_.rows()[other].begun;
    }

    [[nodiscard]] anomaly lost(std::uint32_t value,
                               std::uint32_t writer,
                               std::uint32_t reader,
                               std::uint32_t last) const {
        const std::string who = reader == none ? words_.operation(writer) + " had written"
                                               : words_.operation(reader) + " had read";
        return {.operations = words_.operations({writer, reader, last}),
                .what = fmt::format("{}, the last read of its key, {} {}, which {}",
                                    words_.operation(last),
                                    seen_.lacked_it,
                                    words_.value(value),
                                    who)};
    }

    [[nodiscard]] anomaly torn(std::uint32_t value,
                               std::uint32_t writer,
                               std::uint32_t last) const {
        return {.operations = words_.operations({writer, shown_by_[writer], last}),
                .what = fmt::format("{}, the last read of its key, {} {} of {}, of which {} had "
                                    "read something else",
                                    words_.operation(last),
                                    seen_.lacked_it,
                                    words_.value(value),
                                    words_.operation(writer),
                                    words_.operation(shown_by_[writer]))};
    }

    const recording& history_;
    const writers& wrote_;
    const final_reads& last_;
    const sightings& seen_;
    const consistency_model& model_;
    wording words_;
    /// By row: the first that read something which it wrote.
    std::vector<std::uint32_t> shown_by_;
};

}  // namespace

final_reads::final_reads(const recording& history, const key_of_step& key_of)
    : by_key_(history.keys().size()) {
    for (std::uint32_t at = 0; at < history.rows().size(); ++at) {
        const row& here = history.rows()[at];
        if (!here.final || !here.ok()) continue;
        const auto steps = history.steps_of(here);
        for (std::uint32_t position = 0; position < steps.size(); ++position) {
            if (steps[position].what() == act::write) continue;
            by_key_[key_of(steps[position])] = {.row = at, .position = position};
        }
    }
}

void check_final_reads(const recording& history,
                       const writers& wrote,
                       const final_reads& last,
                       const sightings& seen,
                       const consistency_model& model,
                       findings& into) {
    final_check(history, wrote, last, seen, model).run(into);
}

void doubt_thin_run(const recording& history,
                    const final_reads& last,
                    const key_of_step& key_of,
                    const run_floor& least,
                    findings& into) {
    std::uint64_t wrote = 0;
    std::uint64_t read = 0;
    std::set<std::uint32_t> written;
    for (const row& here : history.rows()) {
        if (!here.ok()) continue;
        const auto steps = history.steps_of(here);
        const auto is_write = [](const step& one) { return one.what() == act::write; };
        for (const step& one : steps | std::views::filter(is_write)) written.insert(key_of(one));
        wrote += std::ranges::any_of(steps, is_write) ? 1 : 0;
        read += std::ranges::all_of(steps, is_write) ? 0 : 1;
    }
    const auto open = std::ranges::count_if(
        written, [&last](std::uint32_t key) { return last.of(key).row == none; });
    const auto doubt_below = [&into](std::string_view what, std::uint64_t count, auto floor) {
        if (count >= floor) return;
        into.doubt(fmt::format(
            "{} transactions that {} succeeded; fewer than {} prove nothing", count, what, floor));
    };
    doubt_below("wrote", wrote, least.writes_min);
    doubt_below("read", read, least.reads_min);
    if (least.final_reads && open > 0) {
        into.doubt(
            fmt::format("{} keys that were written were not read to their end at last", open));
    }
}

}  // namespace verdikt::checker::transactions
