#include "checker/report/results_json.h"

#include "checker/report/availability_json.h"
#include "checker/report/replicas_json.h"
#include "checker/verdict/catalogue.h"

#include <nlohmann/json.hpp>

namespace verdikt::checker::report {

namespace {

using nlohmann::ordered_json;

ordered_json as_json(const named_values& values) {
    ordered_json all = ordered_json::object();
    for (const auto& [name, value] : values) all[name] = value;
    return all;
}

ordered_json as_json(const anomaly& one) {
    ordered_json all{{"certainty", name_of(one.how)},
                     {"what", one.what},
                     {"operations", one.operations},
                     {"places", ordered_json::array()},
                     {"cycle", ordered_json::array()}};
    for (const log_place& place : one.places) {
        all["places"].push_back({{"partition", place.partition}, {"offset", place.offset}});
    }
    for (const dependency& arc : one.cycle) {
        all["cycle"].push_back({{"from", arc.from}, {"to", arc.to}, {"why", arc.why}});
    }
    return all;
}

ordered_json as_json(const finding& which) {
    const anomaly_kind* const kind = find_anomaly(which.name, which.model);
    ordered_json all{{"name", which.name},
                     {"guarantee", kind == nullptr ? std::string_view() : kind->guarantee},
                     {"promised-by", which.promised_by},
                     {"count", which.count},
                     {"examples", ordered_json::array()}};
    for (const anomaly& one : which.examples) all["examples"].push_back(as_json(one));
    return all;
}

ordered_json as_json(const opinion& by) {
    ordered_json all{{"checker", by.checker},
                     {"verdict", name_of(by.said.says)},
                     {"doubts", by.said.doubts},
                     {"notes", by.said.notes},
                     {"violations", ordered_json::array()},
                     {"allowed", ordered_json::array()},
                     {"counts", ordered_json::object()}};
    for (const finding& one : by.said.violations) all["violations"].push_back(as_json(one));
    for (const finding& one : by.said.allowed) all["allowed"].push_back(as_json(one));
    for (const auto& [name, count] : by.said.counts) all["counts"][name] = count;
    return all;
}

ordered_json as_json(const fault_span& one) {
    ordered_json evidence = ordered_json::array();
    for (const host_evidence& each : one.evidence) {
        evidence.push_back({{"host", each.host}, {"bit", each.bit}, {"text", each.text}});
    }
    return {{"kind", one.kind},
            {"family", one.family},
            {"what", one.what},
            {"targets", one.targets},
            {"from", one.from},
            {"to", one.to},
            {"bit", one.bit},
            {"outcome", name_of(one.outcome)},
            {"evidence", std::move(evidence)},
            {"detail", one.detail}};
}

ordered_json as_json(const leadership& one) {
    return {{"of", one.of},
            {"from", one.from},
            {"to", one.to},
            {"leader", one.leader},
            {"epoch", one.epoch}};
}

template <typename T>
ordered_json list_of(const std::vector<T>& all) {
    ordered_json list = ordered_json::array();
    for (const T& one : all) list.push_back(as_json(one));
    return list;
}

ordered_json operations_as_json(const digest& seen) {
    ordered_json all = ordered_json::object();
    for (const auto& [name, one] : seen.all.kinds()) {
        all[name] = {{"ok", one.ended.ok},
                     {"fail", one.ended.fail},
                     {"info", one.ended.info},
                     {"p50-ns", one.took.quantile(0.5)},
                     {"p99-ns", one.took.quantile(0.99)},
                     {"p999-ns", one.took.quantile(0.999)}};
    }
    return all;
}

}  // namespace

std::string results_as_json(const page_matter& of) {
    const run& what = of.what;
    const ordered_json all{{"test", what.test},
                           {"verdict", name_of(what.says)},
                           {"words", verdict_in_words(of)},
                           {"trial-verdict", name_of(what.trial_says)},
                           {"reasons", what.reasons},
                           {"seed", what.seed},
                           {"command", what.command},
                           {"began-at-ns", what.began_at},
                           {"length-ns", of.seen.length},
                           {"history-lines", of.seen.lines},
                           {"operations", operations_as_json(of.seen)},
                           {"availability", availability_as_json(of.seen.available)},
                           {"checkers", list_of(what.opinions)},
                           {"faults", list_of(what.faults)},
                           {"leaders", list_of(what.leaders)},
                           {"replicas", replicas_as_json(what.replicas)},
                           {"settings", as_json(what.settings)},
                           {"versions", as_json(what.versions)}};
    return all.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace verdikt::checker::report
