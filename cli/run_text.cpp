#include "cli/run_text.h"

#include <fmt/format.h>

#include <map>

namespace verdikt::cli {

namespace {

std::string times(std::uint64_t count) {
    return count == 1 ? "once" : fmt::format("{} times", count);
}

std::string faults_line(const checker::report::run& what) {
    std::map<std::string, std::uint64_t> bitten;
    for (const auto& each : what.faults) {
        if (each.bit) ++bitten[each.kind];
    }
    std::vector<std::string> parts;
    parts.reserve(bitten.size());
    for (const auto& [kind, count] : bitten) parts.push_back(fmt::format("{} {}", count, kind));
    return parts.empty() ? "faults that bit: none\n"
                         : fmt::format("faults that bit: {}\n", fmt::join(parts, ", "));
}

/// The worst first.
std::string findings_text(const checker::report::run& what) {
    using checker::judgement;
    std::string text;
    for (const auto& [by, found] : findings_of(what, &judgement::violations)) {
        text += fmt::format(
            "  {}, {}; promised by: {}\n", found->name, times(found->count), found->promised_by);
        if (!found->examples.empty()) text += fmt::format("    {}\n", found->examples[0].what);
    }
    for (const auto& [by, found] : findings_of(what, &judgement::allowed)) {
        text += fmt::format("  seen, and allowed: {}, {}\n", found->name, times(found->count));
    }
    return text;
}

}  // namespace

std::string run_text(const checker::report::run& what) {
    std::string text = fmt::format("verdict: {}\n", checker::name_of(what.says));
    for (const std::string& why : what.reasons) text += fmt::format("  {}\n", why);
    for (const auto& each : what.opinions) {
        for (const std::string& why : each.said.doubts) text += fmt::format("  {}\n", why);
    }
    text += findings_text(what);
    for (const auto& each : what.opinions) {
        for (const auto& [name, count] : each.said.counts) {
            text += fmt::format("  {}: {}\n", name, count);
        }
    }
    return text + faults_line(what);
}

}  // namespace verdikt::cli
