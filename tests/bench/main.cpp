/// verdikt-bench: how fast our own code is, as ratios to what the machine or the bare library can
/// do, measured in the same run. Absolute figures drift from machine to machine and from minute to
/// minute.
#include "loopback.h"
#include "race.h"
#include "sections.h"

#include <CLI/CLI.hpp>

#include <fmt/core.h>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

namespace verdikt::bench {
namespace {

constexpr double busy_share = 0.15;

void run(const section& which, const settings& settings) {
    fmt::print("{}: {}\n", which.name, which.measures);
    const cpu_watch watch;
    which.run(settings);
    const double others = watch.share_of_others();
    fmt::print("  others used {:.0f} % of the CPU time{}\n\n",
               100 * others,
               others > busy_share ? ": the machine was busy, so believe the ratios only" : "");
}

}  // namespace
}  // namespace verdikt::bench

int main(int argc, char** argv) {
    using namespace verdikt::bench;
    CLI::App app("Measures Verdikt's own code; prints rates and ratios.");
    settings settings;
    std::vector<std::string> only;
    std::vector<std::string> names;
    for (const section& each : all_sections) names.emplace_back(each.name);
    app.add_option("--only", only, "Sections to run")->check(CLI::IsMember(names));
    app.add_option("--seconds", settings.seconds, "Time for each table")
        ->check(CLI::PositiveNumber);
    app.add_flag(
        "--large", settings.large, "Also histories of ten million operations: minutes, gigabytes");
    CLI11_PARSE(app, argc, argv);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    fmt::print("{} processors; {}; {} s for each table\n\n",
               std::thread::hardware_concurrency(),
               choose_loopback(),
               settings.seconds);
    for (const section& each : all_sections) {
        const bool wanted = only.empty() || std::ranges::find(only, each.name) != only.end();
        if (wanted) run(each, settings);
    }
    return 0;
}
