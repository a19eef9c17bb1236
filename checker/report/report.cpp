#include "checker/report/report.h"

#include "checker/report/digest.h"
#include "checker/report/page.h"
#include "checker/report/results_json.h"
#include "checker/report/sections.h"
#include "checker/verdict/findings.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::checker::report {

namespace {

std::string page_of(const page_matter& of) {
    const std::string title =
        fmt::format("{} · {} · Verdikt", name_of(of.what.says), shortened(of.what.test, 80));
    return whole_page(title, [&of](markup& page) {
        write_head(page, of);
        write_findings(page, of);
        write_replicas(page, of);
        write_timeline(page, of);
        write_plots(page, of);
        write_availability(page, of);
        write_faults(page, of);
        write_log_slices(page, of);
        write_allowed(page, of);
        write_facts(page, of);
    });
}

}  // namespace

std::string_view name_of(fault_outcome outcome) {
    switch (outcome) {
        case fault_outcome::healed:
            return "healed";
        case fault_outcome::skipped:
            return "skipped";
        case fault_outcome::failed:
            return "failed";
    }
    return "failed";
}

std::vector<told_finding> findings_of(const run& what, std::vector<finding> judgement::* which) {
    std::vector<told_finding> all;
    for (const opinion& one : what.opinions) {
        for (const finding& each : one.said.*which) all.push_back({&one, &each});
    }
    std::ranges::sort(all, [](const told_finding& one, const told_finding& other) {
        return is_worse(*one.what, *other.what);
    });
    return all;
}

verdict judged(const run& what) {
    verdict worst = what.trial_says;
    for (const opinion& one : what.opinions) {
        if (one.said.says == verdict::violation) return verdict::violation;
        worst = std::max(worst, one.said.says);
    }
    return worst;
}

report make_report(const run& what, history::byte_source& history, std::span<const node_log> logs) {
    const digest seen = make_digest(what, history);
    const std::vector<log_slice> slices = slice_logs(what, seen, logs);
    const page_matter matter{what, seen, slices};
    return {.html = page_of(matter), .json = results_as_json(matter)};
}

}  // namespace verdikt::checker::report
