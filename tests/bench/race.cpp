#include "race.h"

#include "stopwatch.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fmt/core.h>
#include <algorithm>
#include <fstream>

namespace verdikt::bench {
namespace {

using clock = std::chrono::steady_clock;

constexpr double slice_seconds = 0.02;
constexpr std::size_t turns_min = 3;

/// Units a second over one slice; at least one piece of work.
double run_slice(const contender& who) {
    const auto start = clock::now();
    std::size_t units = 0;
    double elapsed = 0;
    do {
        units += who.work();
        elapsed = seconds_since(start);
    } while (elapsed < slice_seconds);
    return static_cast<double>(units) / elapsed;
}

double quantile(const std::vector<double>& sorted, double which) {
    return sorted[static_cast<std::size_t>(which * static_cast<double>(sorted.size() - 1))];
}

result summarize(const std::string& name, std::vector<double> rates) {
    std::ranges::sort(rates);
    const double median = quantile(rates, 0.5);
    return {name, median, (quantile(rates, 0.75) - quantile(rates, 0.25)) / median};
}

}  // namespace

std::vector<result> race(const std::vector<contender>& contenders, const settings& settings) {
    std::vector<std::vector<double>> rates(contenders.size());
    for (const contender& who : contenders) who.work();
    const auto start = clock::now();
    for (std::size_t turn = 0; turn < turns_min || seconds_since(start) < settings.seconds;
         ++turn) {
        for (std::size_t i = 0; i < contenders.size(); ++i)
            rates[i].push_back(run_slice(contenders[i]));
    }
    std::vector<result> results;
    for (std::size_t i = 0; i < contenders.size(); ++i) {
        results.push_back(summarize(contenders[i].name, std::move(rates[i])));
    }
    return results;
}

std::vector<result> race_and_print(std::string_view title,
                                   const std::vector<contender>& contenders,
                                   const settings& settings,
                                   unit in) {
    const std::vector<result> results = race(contenders, settings);
    fmt::print("  {}\n", title);
    for (const result& each : results) {
        fmt::print("    {:<44} {:>10.2f} {:<5} {:>6.1f} %  ± {:.0f} %\n",
                   each.name,
                   each.rate * in.scale,
                   in.name,
                   100 * each.rate / results.front().rate,
                   100 * each.spread);
    }
    return results;
}

cpu_watch::cpu_watch() : start_(take()) {}

double cpu_watch::share_of_others() const {
    const sample now = take();
    const double total = now.total - start_.total;
    if (total <= 0) return 0;
    return std::clamp(((now.busy - start_.busy) - (now.own - start_.own)) / total, 0.0, 1.0);
}

cpu_watch::sample cpu_watch::take() {
    // proc(5): user nice system idle iowait irq softirq steal, in ticks.
    std::ifstream file("/proc/stat");
    std::string word;
    file >> word;
    sample now;
    for (int column = 0; column < 8; ++column) {
        double ticks = 0;
        file >> ticks;
        const double seconds = ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
        now.total += seconds;
        const bool is_idle = column == 3 || column == 4;
        if (!is_idle) now.busy += seconds;
    }
    // What we started counts once it has ended, which is before its section does.
    for (const int whose : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
        rusage usage{};
        getrusage(whose, &usage);
        const auto seconds = [](const timeval& time) {
            return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
        };
        now.own += seconds(usage.ru_utime) + seconds(usage.ru_stime);
    }
    return now;
}

}  // namespace verdikt::bench
