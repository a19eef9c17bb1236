#include "checker/report/results_json.h"

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
    const anomaly_kind* const kind = find_anomaly(which.name);
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
                     {"violations", ordered_json::array()},
                     {"allowed", ordered_json::array()},
                     {"counts", ordered_json::object()}};
    for (const finding& one : by.said.violations) all["violations"].push_back(as_json(one));
    for (const finding& one : by.said.allowed) all["allowed"].push_back(as_json(one));
    for (const auto& [name, count] : by.said.counts) all["counts"][name] = count;
    return all;
}

ordered_json faults_as_json(const run& what) {
    ordered_json kinds = ordered_json::object();
    for (const fault_span& one : what.faults) {
        ordered_json& here = kinds[one.kind];
        if (here.is_null()) here = {{"times", 0}, {"bit", 0}};
        here["times"] = here["times"].get<int>() + 1;
        if (one.bit) here["bit"] = here["bit"].get<int>() + 1;
    }
    return kinds;
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
    ordered_json all{{"test", of.what.test},
                     {"verdict", name_of(of.what.says)},
                     {"words", verdict_in_words(of)},
                     {"reasons", of.what.reasons},
                     {"seed", of.what.seed},
                     {"command", of.what.command},
                     {"began-at-ns", of.what.began_at},
                     {"length-ns", of.seen.length},
                     {"history-lines", of.seen.lines},
                     {"operations", operations_as_json(of.seen)},
                     {"faults", faults_as_json(of.what)},
                     {"checkers", ordered_json::array()},
                     {"settings", as_json(of.what.settings)},
                     {"versions", as_json(of.what.versions)}};
    for (const opinion& one : of.what.opinions) all["checkers"].push_back(as_json(one));
    return all.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace verdikt::checker::report
