/// `verdikt explain`: what an anomaly means.
#include "checker/verdict/catalogue.h"
#include "cli/subcommands.h"
#include "runtime/nearest_name.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace verdikt::cli {

namespace {

[[noreturn]] void refuse(const std::string& name) {
    std::vector<std::string_view> known;
    for (const checker::anomaly_kind& one : checker::all_anomalies()) known.push_back(one.name);
    throw bad_arguments(
        fmt::format("there is no anomaly '{}'; did you mean {}? 'verdikt list "
                    "anomalies' names all",
                    name,
                    runtime::nearest_name(name, known)));
}

std::string who_reports(const checker::anomaly_kind& kind) {
    const bool of_runs =
        kind.model == checker::availability_model || kind.model == checker::replicas_model;
    return of_runs ? "verdikt test" : fmt::format("verdikt check --model {}", kind.model);
}

void print(const checker::anomaly_kind& kind) {
    fmt::print("{}\n\nSeen when: {}\nBreaks: {}\nPromised by: {}.\nReported by: {}\n",
               kind.name,
               kind.seen_when,
               kind.guarantee,
               kind.promised_when,
               who_reports(kind));
}

/// One name may be the business of several checkers.
int explain(const std::string& name) {
    bool found = false;
    for (const checker::anomaly_kind& kind : checker::all_anomalies()) {
        if (kind.name != name) continue;
        if (found) fmt::print("\n");
        print(kind);
        found = true;
    }
    if (!found) refuse(name);
    return 0;
}

}  // namespace

action declare_explain(flags& app) {
    const auto name = std::make_shared<std::string>();
    app.add_option("anomaly,--anomaly", *name, "Its name, as 'verdikt list anomalies' has it")
        .required();
    return [name] { return explain(*name); };
}

}  // namespace verdikt::cli
