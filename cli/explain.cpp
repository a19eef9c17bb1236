/// `verdikt explain`: what an anomaly means.
#include "checker/verdict/catalogue.h"
#include "cli/subcommands.h"
#include "runtime/nearest_name.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

namespace verdikt::cli {

namespace {

const checker::anomaly_kind& anomaly_named(const std::string& name) {
    if (const auto* const found = checker::find_anomaly(name)) return *found;
    std::vector<std::string_view> known;
    for (const checker::anomaly_kind& one : checker::all_anomalies()) known.push_back(one.name);
    throw bad_arguments(
        fmt::format("there is no anomaly '{}'; did you mean {}? 'verdikt list "
                    "anomalies' names all",
                    name,
                    runtime::nearest_name(name, known)));
}

int explain(const std::string& name) {
    const checker::anomaly_kind& kind = anomaly_named(name);
    fmt::print(
        "{}\n\nSeen when: {}\nBreaks: {}\nPromised by: {}.\nReported by: verdikt check --model "
        "{}\n",
        kind.name,
        kind.seen_when,
        kind.guarantee,
        kind.promised_when,
        kind.model);
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
