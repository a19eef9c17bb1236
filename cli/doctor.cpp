/// `verdikt doctor`: what this machine can do, and what to install for the rest.
#include "cli/subcommands.h"
#include "cli/text_table.h"
#include "nemesis/agent/probe.h"
#include "nemesis/fault.h"
#include "nemesis/labs/isolation.h"

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <vector>

namespace verdikt::cli {

namespace {

using nemesis::capability;
using nemesis::labs::isolation;

std::string faults_that_need(capability which) {
    std::vector<std::string_view> names;
    for (const nemesis::fault_description& each : nemesis::fault_catalogue()) {
        if (each.needs == which) names.push_back(each.name);
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

/// The workload, not the machine, lets its clients be crashed.
bool depends_on_the_machine(capability which) {
    return which != capability::processes && which != capability::clients;
}

int print_capabilities() {
    const nemesis::agent::lacking lacks = nemesis::agent::probe_host();
    std::vector<std::vector<std::string>> rows{{"CAPABILITY", "HERE", "FAULTS THAT NEED IT"}};
    for (const capability each : nemesis::all_capabilities()) {
        if (!depends_on_the_machine(each)) continue;
        rows.push_back({std::string(to_text(each)),
                        lacks.contains(each) ? "no" : "yes",
                        faults_that_need(each)});
    }
    fmt::print("{}", format_table(rows));
    for (const auto& [which, reason] : lacks) {
        fmt::print("{}: {}\n", to_text(which), reason);
    }
    return 0;
}

std::string_view how(isolation best) {
    switch (best) {
        case isolation::root:
            return "yes, as root";
        case isolation::user_namespace:
            return "yes, in a user namespace";
        case isolation::none:
            return "no";
    }
    return "";
}

int run() {
    fmt::print("lab 'processes': yes ({})\n", faults_that_need(capability::processes));
    const auto found = nemesis::labs::probe_isolation();
    fmt::print("lab 'local': {}{}\n",
               how(found.best),
               found.reason.empty() ? "" : fmt::format(" ({})", found.reason));
    std::fflush(stdout);  // The line must not be printed twice, once by each process.
    if (found.best == isolation::none) {
        fmt::print(
            "It needs root, or a kernel that lets users make namespaces "
            "(user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns).\n");
        return 0;
    }
    return nemesis::labs::run_isolated(found.best, print_capabilities);
}

}  // namespace

action declare_doctor(flags& /*app*/) {
    return run;
}

}  // namespace verdikt::cli
