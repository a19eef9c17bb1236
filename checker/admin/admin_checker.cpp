#include "checker/admin/admin_checker.h"

#include "checker/verdict/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>

namespace verdikt::checker::admin {

namespace {

/// What an answer has to know of: everything that had certainly happened before that line.
struct knowledge {
    std::int64_t reaches = -1;
    /// The change that tells it; null where the lag does.
    const write* by = nullptr;
    const written_register* of = nullptr;
};

class admin_check {
  public:
    admin_check(const recording& history, const settings& asked)
        : history_(history), asked_(asked), covered_(history.registers().size()) {
        for (const written_register& each : history.registers()) {
            shown_by_.emplace_back(each.writes.size(), nullptr);
        }
    }

    judgement run() {
        for (const answer& each : history_.answers()) note_what_is_shown(each);
        for (const answer& each : history_.answers()) look_at(each);
        look_for_unknown();
        look_at_totals();
        return found_.judge();
    }

  private:
    static bool may_have_written(const write& one, const shown_value& what, const answer& in) {
        return one.value == what.value && one.begun < in.ended;
    }

    // ---- What is known when.

    /// A value that only one operation can have written proves that it happened.
    void note_what_is_shown(const answer& in) {
        for (const shown_value& each : in.shown) {
            const auto& writes = history_.registers()[each.of].writes;
            if (std::ranges::count(writes, each.value, &write::value) != 1) continue;
            const auto only = std::ranges::find(writes, each.value, &write::value);
            const answer*& first =
                shown_by_[each.of][static_cast<std::size_t>(only - writes.begin())];
            if (first == nullptr) first = &in;
        }
    }

    [[nodiscard]] const answer* shown_first(std::size_t of, const write& one) const {
        const auto& writes = history_.registers()[of].writes;
        return shown_by_[of][static_cast<std::size_t>(&one - writes.data())];
    }

    /// The earliest moment at which it is proven to have happened.
    [[nodiscard]] std::int64_t proven(std::size_t of, const write& one) const {
        const answer* const seen = shown_first(of, one);
        return std::min(one.acknowledged(), seen == nullptr ? never : seen->ended);
    }

    [[nodiscard]] knowledge knowledge_of(const answer& in) const {
        knowledge most;
        for (const shown_value& each : in.shown) {
            const written_register& of = history_.registers()[each.of];
            const auto first = std::ranges::find_if(
                of.writes, [&](const write& one) { return may_have_written(one, each, in); });
            if (first == of.writes.end() || first->begun <= most.reaches) continue;
            most = {.reaches = first->begun, .by = &*first, .of = &of};
        }
        if (!in.final) return most;
        const std::int64_t lag = std::chrono::nanoseconds(asked_.lag_max).count();
        const std::int64_t line = history_.first_line_after(in.begun_at - lag);
        if (line > most.reaches) most = {.reaches = line};
        return most;
    }

    // ---- Judging.

    void look_at(const answer& in) {
        const knowledge knows = knowledge_of(in);
        for (const shown_value& each : in.shown) {
            const written_register& of = history_.registers()[each.of];
            const bool possible = std::ranges::any_of(
                of.writes, [&](const write& one) { return may_have_written(one, each, in); });
            if (!possible) {
                report_phantom(in, each);
            } else if (const write* const newer = displaced_by(in, each, knows, true)) {
                report("acknowledged-then-absent", in, each, knows, *newer);
            } else if (const write* const other = displaced_by(in, each, knows, false)) {
                report("two-answers", in, each, knows, *other);
            }
            note_coverage(in, each, knows);
        }
    }

    /// The last change of which the answer has to know, where no operation that may have written
    /// what is shown can have come after it; null otherwise.
    [[nodiscard]] const write* displaced_by(const answer& in,
                                            const shown_value& what,
                                            const knowledge& knows,
                                            bool acknowledged_only) const {
        const auto& writes = history_.registers()[what.of].writes;
        const write* newest = nullptr;
        for (const write& one : writes) {
            const std::int64_t since =
                acknowledged_only ? one.acknowledged() : proven(what.of, one);
            if (since < knows.reaches) newest = &one;
        }
        if (newest == nullptr) return nullptr;
        const bool fits = std::ranges::any_of(writes, [&](const write& one) {
            return may_have_written(one, what, in) && one.acknowledged() >= newest->begun;
        });
        return fits ? nullptr : newest;
    }

    void report(std::string_view name,
                const answer& in,
                const shown_value& what,
                const knowledge& knows,
                const write& newer) {
        found_.add(name, true, [&] {
            std::set<std::int64_t> operations{index_of(in), index_of(newer)};
            const answer* const other =
                newer.acknowledged() < knows.reaches ? nullptr : shown_first(what.of, newer);
            if (other != nullptr) operations.insert(index_of(*other));
            if (knows.by != nullptr) operations.insert(index_of(*knows.by));
            const std::string how =
                other == nullptr ? "been acknowledged" : "been shown by broker " + other->broker;
            return anomaly{
                .how = knows.by == nullptr ? certainty::inferred : certainty::certain,
                .operations = {operations.begin(), operations.end()},
                .what = fmt::format("broker {} showed {} in operation {}, although {} (operation "
                                    "{}) had {}: {}",
                                    in.broker,
                                    text_of(what.of, what.value),
                                    index_of(in),
                                    text_of(what.of, newer.value),
                                    index_of(newer),
                                    how,
                                    reason_of(knows))};
        });
    }

    [[nodiscard]] std::string reason_of(const knowledge& knows) const {
        if (knows.by == nullptr) {
            return fmt::format("all had been healed, and {} ms gone by since then",
                               asked_.lag_max.count());
        }
        const std::string config = knows.of->config.empty() ? "" : "'s " + knows.of->config;
        return fmt::format("it showed what operation {} made of topic {}{}, which began after that",
                           index_of(*knows.by),
                           knows.of->topic,
                           config);
    }

    void report_phantom(const answer& in, const shown_value& what) {
        found_.add("phantom-change", true, [&] {
            const auto& failed = history_.registers()[what.of].failed;
            const auto by = std::ranges::find(failed, what.value, &write::value);
            anomaly made{.operations = {index_of(in)},
                         .what = fmt::format("broker {} showed {} in operation {}, which nobody "
                                             "had asked for",
                                             in.broker,
                                             text_of(what.of, what.value),
                                             index_of(in))};
            if (by == failed.end()) return made;
            made.operations.push_back(index_of(*by));
            std::ranges::sort(made.operations);
            made.what += fmt::format(" but in operation {}, which failed", index_of(*by));
            return made;
        });
    }

    // ---- What was not looked at.

    void note_coverage(const answer& in, const shown_value& what, const knowledge& knows) {
        const write* const last = last_acknowledged(what.of);
        if (last == nullptr) return;
        const bool covered = last->value == what.value || last->ended < knows.reaches;
        if (covered) covered_[what.of].insert(in.broker);
    }

    [[nodiscard]] const write* last_acknowledged(std::size_t of) const {
        const write* last = nullptr;
        for (const write& one : history_.registers()[of].writes) {
            if (one.begun >= 0 && one.acknowledged() != never) last = &one;
        }
        return last;
    }

    /// Of a topic that may be gone nobody shows the configuration.
    [[nodiscard]] std::set<std::string> topics_that_may_be_gone() const {
        std::set<std::string> gone;
        for (const written_register& each : history_.registers()) {
            if (!each.config.empty()) continue;
            for (const write& one : each.writes) {
                if (one.begun >= 0 && one.value == absent) gone.insert(each.topic);
            }
        }
        return gone;
    }

    void look_for_unknown() {
        const auto gone = topics_that_may_be_gone();
        std::map<std::string, std::uint64_t> missed;
        for (std::size_t of = 0; of < history_.registers().size(); ++of) {
            const written_register& each = history_.registers()[of];
            if (last_acknowledged(of) == nullptr) continue;
            if (!each.config.empty() && gone.contains(each.topic)) continue;
            for (const std::string& broker : history_.brokers()) {
                if (!covered_[of].contains(broker)) ++missed[broker];
            }
        }
        for (const auto& [broker, count] : missed) {
            found_.doubt(
                fmt::format("of {} acknowledged changes broker {} was never seen to know, "
                            "nor to miss them",
                            count,
                            broker));
        }
    }

    void look_at_totals() {
        found_.count("changes", history_.changes());
        found_.count("acknowledged", history_.acknowledged());
        found_.count("answers", history_.answers().size());
        found_.count("brokers", history_.brokers().size());
        found_.count("topics and configurations", history_.registers().size());
        doubt_below("changes succeeded", history_.acknowledged(), asked_.changes_min);
        doubt_below("answers were given", history_.answers().size(), asked_.answers_min);
    }

    void doubt_below(std::string_view what, std::uint64_t count, std::uint64_t least) {
        if (count >= least) return;
        found_.doubt(fmt::format("{} {}; fewer than {} prove nothing", count, what, least));
    }

    // ---- Words.

    [[nodiscard]] std::string text_of(std::size_t of, std::string_view value) const {
        const written_register& which = history_.registers()[of];
        if (!which.config.empty()) {
            return fmt::format("{}={} of topic {}", which.config, value, which.topic);
        }
        if (value == absent) return fmt::format("no topic {}", which.topic);
        return fmt::format("topic {} with {} partitions", which.topic, value);
    }
    [[nodiscard]] std::int64_t index_of(const answer& in) const {
        return history_.index_of(in.ended);
    }
    [[nodiscard]] std::int64_t index_of(const write& one) const {
        return history_.index_of(one.ended == never ? one.begun : one.ended);
    }

    const recording& history_;
    const settings& asked_;
    /// Of each write of each register: the first answer that proves it, because only that write
    /// can have made what it showed.
    std::vector<std::vector<const answer*>> shown_by_;
    /// Of each register: who was seen to know of the last acknowledged change, or to miss it.
    std::vector<std::set<std::string>> covered_;
    findings found_;
};

}  // namespace

judgement check(const recording& history, const settings& asked) {
    return admin_check(history, asked).run();
}

}  // namespace verdikt::checker::admin
