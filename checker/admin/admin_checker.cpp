#include "checker/admin/admin_checker.h"

#include "checker/admin/register_timeline.h"
#include "checker/verdict/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <vector>

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
        : history_(history),
          asked_(asked),
          writes_(history),
          shown_first_(history.claims(), nullptr),
          covered_(history.registers().size() * history.brokers()) {
        for (const answer& each : history.answers()) note_what_is_shown(each);
        for (const written_register& each : history.registers()) {
            timelines_.emplace_back(each).find_proofs(shown_first_, writes_.counts());
            last_acknowledged_.push_back(timelines_.back().last_acknowledged());
        }
    }

    judgement run() {
        for (const answer& each : history_.answers()) look_at(each);
        look_for_unknown();
        look_at_totals();
        return found_.judge();
    }

  private:
    // ---- What is known when.

    void note_what_is_shown(const answer& in) {
        for (const std::uint32_t claim : history_.shown_in(in)) {
            if (shown_first_[claim] == nullptr) shown_first_[claim] = &in;
        }
    }

    /// A value that only one operation can have written proves that it happened.
    [[nodiscard]] const answer* shown_first(const write& one) const {
        return writes_.counts()[one.claim] == 1 ? shown_first_[one.claim] : nullptr;
    }

    [[nodiscard]] knowledge knowledge_of(const answer& in) const {
        knowledge most;
        for (const std::uint32_t claim : history_.shown_in(in)) {
            const write* const first = writes_.first_of(claim, in.ended);
            if (first == nullptr || first->begun <= most.reaches) continue;
            most = {.reaches = first->begun, .by = first, .of = &register_of(claim)};
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
        for (const std::uint32_t claim : history_.shown_in(in)) {
            const register_timeline& of = timelines_[history_.register_of(claim)];
            if (writes_.first_of(claim, in.ended) == nullptr) {
                report_phantom(in, claim);
            } else if (const write* const newer =
                           displaced_by(of.last_acknowledged_before(knows.reaches), in, claim)) {
                report("acknowledged-then-absent", in, claim, knows, *newer);
            } else if (const write* const other =
                           displaced_by(of.last_proven_before(knows.reaches), in, claim)) {
                report("two-answers", in, claim, knows, *other);
            }
            note_coverage(in, claim, knows);
        }
    }

    /// `newest`, the last change of which the answer has to know, where no operation that may have
    /// written what is shown can have come after it; null otherwise.
    [[nodiscard]] const write* displaced_by(const write* newest,
                                            const answer& in,
                                            std::uint32_t claim) const {
        if (newest == nullptr) return nullptr;
        const bool fits = writes_.may_have_come_after(newest->begun, claim, in.ended);
        return fits ? nullptr : newest;
    }

    void report(std::string_view name,
                const answer& in,
                std::uint32_t claim,
                const knowledge& knows,
                const write& newer) {
        found_.add(name, true, [&] {
            std::set<std::int64_t> operations{index_of(in), index_of(newer)};
            const answer* const other =
                newer.acknowledged() < knows.reaches ? nullptr : shown_first(newer);
            if (other != nullptr) operations.insert(index_of(*other));
            if (knows.by != nullptr) operations.insert(index_of(*knows.by));
            const std::string how = other == nullptr
                                        ? "been acknowledged"
                                        : "been shown by broker " + broker_text(*other);
            return anomaly{
                .how = knows.by == nullptr ? certainty::inferred : certainty::certain,
                .operations = {operations.begin(), operations.end()},
                .what = fmt::format("broker {} showed {} in operation {}, although {} (operation "
                                    "{}) had {}: {}",
                                    broker_text(in),
                                    text_of(claim),
                                    index_of(in),
                                    text_of(newer.claim),
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
        const std::string config =
            knows.of->is_shape() ? "" : "'s " + history_.config_text(*knows.of);
        return fmt::format("it showed what operation {} made of topic {}{}, which began after that",
                           index_of(*knows.by),
                           history_.topic_text(knows.of->topic),
                           config);
    }

    void report_phantom(const answer& in, std::uint32_t claim) {
        found_.add("phantom-change", true, [&] {
            const auto& failed = register_of(claim).failed;
            const auto by = std::ranges::find(failed, claim, &write::claim);
            anomaly made{.operations = {index_of(in)},
                         .what = fmt::format("broker {} showed {} in operation {}, which nobody "
                                             "had asked for",
                                             broker_text(in),
                                             text_of(claim),
                                             index_of(in))};
            if (by == failed.end()) return made;
            made.operations.push_back(index_of(*by));
            std::ranges::sort(made.operations);
            made.what += fmt::format(" but in operation {}, which failed", index_of(*by));
            return made;
        });
    }

    // ---- What was not looked at.

    void note_coverage(const answer& in, std::uint32_t claim, const knowledge& knows) {
        const std::uint32_t of = history_.register_of(claim);
        const write* const last = last_acknowledged_[of];
        if (last == nullptr) return;
        const bool covered = last->claim == claim || last->ended < knows.reaches;
        if (covered) covered_[place_of_coverage(of, in.broker)] = true;
    }

    [[nodiscard]] std::size_t place_of_coverage(std::size_t of, std::uint32_t broker) const {
        return of * history_.brokers() + broker;
    }

    /// Of a topic that may be gone nobody shows the configuration.
    [[nodiscard]] std::set<std::uint32_t> topics_that_may_be_gone() const {
        std::set<std::uint32_t> gone;
        for (const written_register& each : history_.registers()) {
            if (!each.is_shape()) continue;
            for (const write& one : each.writes) {
                if (one.begun >= 0 && one.claim == each.absent) gone.insert(each.topic);
            }
        }
        return gone;
    }

    void look_for_unknown() {
        const auto gone = topics_that_may_be_gone();
        std::map<std::string, std::uint64_t> missed;
        for (std::size_t of = 0; of < history_.registers().size(); ++of) {
            const written_register& each = history_.registers()[of];
            if (last_acknowledged_[of] == nullptr) continue;
            if (!each.is_shape() && gone.contains(each.topic)) continue;
            for (std::uint32_t broker = 0; broker < history_.brokers(); ++broker) {
                if (covered_[place_of_coverage(of, broker)]) continue;
                ++missed[history_.broker_text(broker)];
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
        found_.count("brokers", history_.brokers());
        found_.count("topics and configurations", history_.registers().size());
        doubt_below("changes succeeded", history_.acknowledged(), asked_.changes_min);
        doubt_below("answers were given", history_.answers().size(), asked_.answers_min);
    }

    void doubt_below(std::string_view what, std::uint64_t count, std::uint64_t least) {
        if (count >= least) return;
        found_.doubt(fmt::format("{} {}; fewer than {} prove nothing", count, what, least));
    }

    // ---- Words.

    [[nodiscard]] std::string broker_text(const answer& in) const {
        return history_.broker_text(in.broker);
    }
    [[nodiscard]] const written_register& register_of(std::uint32_t claim) const {
        return history_.registers()[history_.register_of(claim)];
    }
    [[nodiscard]] std::string text_of(std::uint32_t claim) const {
        const written_register& which = register_of(claim);
        const std::string topic = history_.topic_text(which.topic);
        const std::string shown = history_.value_text(claim);
        if (!which.is_shape()) {
            return fmt::format("{}={} of topic {}", history_.config_text(which), shown, topic);
        }
        if (claim == which.absent) return fmt::format("no topic {}", topic);
        return fmt::format("topic {} with {} partitions", topic, shown);
    }
    [[nodiscard]] std::int64_t index_of(const answer& in) const {
        return history_.index_of(in.ended);
    }
    [[nodiscard]] std::int64_t index_of(const write& one) const {
        return history_.index_of(one.ended == never ? one.begun : one.ended);
    }

    const recording& history_;
    const settings& asked_;
    claimed_writes writes_;
    std::vector<const answer*> shown_first_;       ///< By claim.
    std::vector<register_timeline> timelines_;     ///< By register.
    std::vector<const write*> last_acknowledged_;  ///< By register.
    /// Of each register, for each broker: it was seen to know of the last acknowledged change, or
    /// to miss it.
    std::vector<bool> covered_;
    findings found_;
};

}  // namespace

judgement check(const recording& history, const settings& asked) {
    return admin_check(history, asked).run();
}

}  // namespace verdikt::checker::admin
