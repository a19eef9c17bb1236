#include "cli/judgement_text.h"

#include "checker/verdict/catalogue.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace verdikt::cli {

namespace {

using checker::finding;
using checker::verdict;
using json = nlohmann::ordered_json;

void append_finding(std::string& text, const finding& one) {
    const auto* const kind = checker::find_anomaly(one.name, one.model);
    text += fmt::format("\n{} ({}): {}\n", one.name, one.count, kind->seen_when);
    if (!one.promised_by.empty()) {
        text += fmt::format("  broken: {} Promised by: {}.\n", kind->guarantee, one.promised_by);
    }
    for (const checker::anomaly& example : one.examples) {
        text += fmt::format("  - {}, operations {}: {}\n",
                            name_of(example.how),
                            fmt::join(example.operations, ", "),
                            example.what);
    }
    if (one.count > one.examples.size()) {
        text += fmt::format("  and {} more\n", one.count - one.examples.size());
    }
}

json as_json(const finding& one) {
    json examples = json::array();
    for (const checker::anomaly& example : one.examples) {
        json told{{"certainty", name_of(example.how)},
                  {"operations", example.operations},
                  {"what", example.what}};
        for (const checker::dependency& arc : example.cycle) {
            told["cycle"].push_back({{"from", arc.from}, {"to", arc.to}, {"why", arc.why}});
        }
        examples.push_back(std::move(told));
    }
    json object{{"name", one.name}, {"count", one.count}};
    if (!one.promised_by.empty()) {
        object["guarantee"] = checker::find_anomaly(one.name, one.model)->guarantee;
        object["promised_by"] = one.promised_by;
    }
    object["examples"] = std::move(examples);
    return object;
}

json as_json(const std::vector<finding>& findings) {
    json all = json::array();
    for (const finding& one : findings) all.push_back(as_json(one));
    return all;
}

}  // namespace

int exit_code_of(verdict says) {
    switch (says) {
        case verdict::valid:
            return 0;
        case verdict::violation:
            return 1;
        case verdict::inconclusive:
        case verdict::infra:
            return 2;
        case verdict::crash:
            return 255;
    }
    return 255;
}

std::string judgement_as_text(const checker::judgement& judged) {
    std::string text = fmt::format("verdict: {}\n", name_of(judged.says));
    for (const std::string& doubt : judged.doubts) text += fmt::format("doubt: {}\n", doubt);
    for (const std::string& note : judged.notes) text += fmt::format("note: {}\n", note);
    for (const finding& one : judged.violations) append_finding(text, one);
    if (!judged.allowed.empty()) text += "\nSeen, and allowed by the settings:\n";
    for (const finding& one : judged.allowed) append_finding(text, one);
    text += "\nlooked at:";
    for (const auto& [what, how_many] : judged.counts)
        text += fmt::format(" {} {};", how_many, what);
    text.back() = '\n';
    return text;
}

std::string judgement_as_json(const checker::judgement& judged) {
    json counts = json::object();
    for (const auto& [what, how_many] : judged.counts) counts[what] = how_many;
    const json object{{"verdict", name_of(judged.says)},
                      {"doubts", judged.doubts},
                      {"notes", judged.notes},
                      {"violations", as_json(judged.violations)},
                      {"allowed", as_json(judged.allowed)},
                      {"counts", std::move(counts)}};
    // A value may hold bytes that are no text.
    return object.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace verdikt::cli
