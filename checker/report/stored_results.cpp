/// `results.json` read back.
#include "checker/report/replicas_json.h"
#include "checker/report/results_json.h"

#include <nlohmann/json.hpp>

#include <array>
#include <stdexcept>

namespace verdikt::checker::report {

namespace {

using nlohmann::ordered_json;

/// What `object` has under that name, or an empty one.
template <typename T>
T value_of(const ordered_json& object, const char* name) {
    return object.value(name, T{});
}

/// Throws if nothing is called so.
template <typename T, std::size_t N>
T named(const std::array<T, N>& all, const std::string& name, T otherwise) {
    if (name.empty()) return otherwise;
    for (const T one : all) {
        if (name_of(one) == name) return one;
    }
    throw std::invalid_argument("nothing is called '" + name + "'");
}

verdict verdict_named(const std::string& name) {
    using enum verdict;
    return named(std::array{valid, inconclusive, infra, violation, crash}, name, inconclusive);
}

named_values values_of(const ordered_json& all, const char* name) {
    named_values values;
    if (!all.contains(name)) return values;
    for (const auto& [key, value] : all.at(name).items()) {
        values.emplace_back(key, value.get<std::string>());
    }
    return values;
}

fault_span fault_of(const ordered_json& from) {
    using enum fault_outcome;
    fault_span made{
        .kind = value_of<std::string>(from, "kind"),
        .family = value_of<std::string>(from, "family"),
        .what = value_of<std::string>(from, "what"),
        .targets = value_of<std::string>(from, "targets"),
        .from = value_of<std::int64_t>(from, "from"),
        .to = value_of<std::int64_t>(from, "to"),
        .bit = value_of<bool>(from, "bit"),
        .outcome = named(
            std::array{healed, skipped, failed}, value_of<std::string>(from, "outcome"), healed),
        .detail = value_of<std::string>(from, "detail")};
    for (const ordered_json& one : from.value("evidence", ordered_json::array())) {
        made.evidence.push_back({value_of<std::string>(one, "host"),
                                 value_of<bool>(one, "bit"),
                                 value_of<std::string>(one, "text")});
    }
    return made;
}

leadership leadership_of(const ordered_json& from) {
    return {.of = value_of<std::string>(from, "of"),
            .from = value_of<std::int64_t>(from, "from"),
            .to = value_of<std::int64_t>(from, "to"),
            .leader = from.value("leader", -1),
            .epoch = from.value("epoch", -1)};
}

run run_of(const ordered_json& all) {
    run what;
    what.test = value_of<std::string>(all, "test");
    what.says = verdict_named(value_of<std::string>(all, "verdict"));
    what.trial_says = verdict_named(value_of<std::string>(all, "trial-verdict"));
    what.reasons = value_of<std::vector<std::string>>(all, "reasons");
    what.began_at = value_of<std::int64_t>(all, "began-at-ns");
    what.seed = value_of<std::uint64_t>(all, "seed");
    what.command = value_of<std::string>(all, "command");
    what.settings = values_of(all, "settings");
    what.versions = values_of(all, "versions");
    for (const ordered_json& one : all.value("faults", ordered_json::array())) {
        what.faults.push_back(fault_of(one));
    }
    for (const ordered_json& one : all.value("leaders", ordered_json::array())) {
        what.leaders.push_back(leadership_of(one));
    }
    what.replicas = replicas_from(all.value("replicas", ordered_json()));
    return what;
}

outcome_counts counts_of(const ordered_json& operations) {
    outcome_counts all;
    for (const ordered_json& one : operations) {
        all.add({.ok = value_of<std::uint64_t>(one, "ok"),
                 .fail = value_of<std::uint64_t>(one, "fail"),
                 .info = value_of<std::uint64_t>(one, "info")});
    }
    return all;
}

}  // namespace

std::expected<stored_results, std::string> read_results(std::string_view json) {
    try {
        const auto all = ordered_json::parse(json);
        stored_results made;
        made.what = run_of(all);
        made.length = value_of<std::int64_t>(all, "length-ns");
        made.ended = counts_of(all.value("operations", ordered_json::object()));
        made.words = value_of<std::string>(all, "words");
        for (const ordered_json& one : all.value("checkers", ordered_json::array())) {
            made.broken += one.value("violations", ordered_json::array()).size();
        }
        return made;
    } catch (const std::exception& problem) {
        return std::unexpected(problem.what());
    }
}

}  // namespace verdikt::checker::report
