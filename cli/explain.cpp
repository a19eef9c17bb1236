/// `verdikt explain`: what an anomaly means. `verdikt list`: what there is.
#include "checker/verdict/catalogue.h"
#include "cli/subcommands.h"
#include "runtime/nearest_name.h"

#include <fmt/format.h>

#include <algorithm>
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

int list_anomalies() {
    std::size_t width = 0;
    for (const checker::anomaly_kind& one : checker::all_anomalies()) {
        width = std::max(width, one.name.size());
    }
    for (const checker::anomaly_kind& one : checker::all_anomalies()) {
        fmt::print("{:<{}}  {}\n", one.name, width, one.seen_when);
    }
    return 0;
}

}  // namespace

action declare_explain(flags& app) {
    const auto name = std::make_shared<std::string>();
    app.add_option("anomaly,--anomaly", *name, "Its name, as 'verdikt list anomalies' has it")
        .required();
    return [name] { return explain(*name); };
}

action declare_list(flags& app) {
    const auto what = std::make_shared<std::string>();
    app.add_option("what,--what", *what, "What to list").required().one_of({"anomalies"});
    return [what] { return list_anomalies(); };
}

}  // namespace verdikt::cli
