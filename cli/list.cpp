/// `verdikt list`: what there is to choose from.
#include "checker/transactions/consistency_model.h"
#include "checker/verdict/catalogue.h"
#include "cli/subcommands.h"
#include "cli/text_table.h"
#include "nemesis/fault.h"
#include "trial/demos.h"
#include "trial/kinds.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

namespace verdikt::cli {

namespace {

std::string parameters_of(const nemesis::fault_description& fault) {
    std::vector<std::string> texts;
    for (const nemesis::fault_parameter& each : fault.parameters) {
        texts.push_back(fmt::format("{} {}..{}", each.name, each.low, each.high));
    }
    return texts.empty() ? "-" : fmt::format("{}", fmt::join(texts, ", "));
}

int list_faults() {
    std::vector<std::vector<std::string>> rows{{"FAULT", "FAMILY", "PARAMETERS", "WHAT IT DOES"}};
    for (const nemesis::fault_description& each : nemesis::fault_catalogue()) {
        rows.push_back({std::string(each.name),
                        std::string(to_text(each.family)),
                        parameters_of(each),
                        std::string(each.summary)});
    }
    fmt::print("{}", format_table(rows));
    return 0;
}

int list_anomalies() {
    std::vector<std::vector<std::string>> rows{{"ANOMALY", "MODEL", "SEEN WHEN"}};
    for (const checker::anomaly_kind& each : checker::all_anomalies()) {
        rows.push_back(
            {std::string(each.name), std::string(each.model), std::string(each.seen_when)});
    }
    fmt::print("{}", format_table(rows));
    return 0;
}

int list_workloads() {
    std::vector<std::vector<std::string>> rows{{"WORKLOAD", "JUDGED BY", "WHAT IT DOES"}};
    for (const trial::kind* const each : trial::all_kinds()) {
        rows.push_back(
            {std::string(each->name), std::string(each->checker), std::string(each->summary)});
    }
    fmt::print("{}", format_table(rows));
    return 0;
}

int list_demos() {
    std::vector<std::vector<std::string>> rows{{"DEMO", "WORKLOAD", "WHAT GOES WRONG"}};
    for (const trial::demo& each : trial::all_demos()) {
        rows.push_back(
            {std::string(each.name), std::string(each.workload), std::string(each.summary)});
    }
    fmt::print("{}", format_table(rows));
    return 0;
}

int list_consistency_models() {
    for (const std::string_view each : checker::transactions::all_models()) {
        fmt::print("{}\n", each);
    }
    return 0;
}

int list(const std::string& what) {
    if (what == "consistency-models") return list_consistency_models();
    if (what == "faults") return list_faults();
    if (what == "workloads") return list_workloads();
    return what == "demos" ? list_demos() : list_anomalies();
}

}  // namespace

action declare_list(flags& app) {
    const auto what = std::make_shared<std::string>();
    app.add_option("what,--what", *what, "What to list")
        .required()
        .one_of({"workloads", "faults", "anomalies", "demos", "consistency-models"});
    return [what] { return list(*what); };
}

}  // namespace verdikt::cli
