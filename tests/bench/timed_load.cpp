#include "timed_load.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace verdikt::bench {

namespace {

using clock = std::chrono::steady_clock;

}  // namespace

void timed_load::run(std::span<const frame> request, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const auto start = clock::now();
        load.run(request, 1);
        microseconds.push_back(
            std::chrono::duration<double, std::micro>(clock::now() - start).count());
    }
}

double timed_load::quantile(double which) {
    std::ranges::sort(microseconds);
    return microseconds[static_cast<std::size_t>(which *
                                                 static_cast<double>(microseconds.size() - 1))];
}

void take_turns(std::span<timed_load* const> loads,
                std::span<const frame> request,
                std::size_t requests_each_turn,
                const settings& settings) {
    const auto end = clock::now() + std::chrono::duration<double>(settings.seconds);
    do {
        for (timed_load* each : loads) each->run(request, turn_size(requests_each_turn, settings));
    } while (clock::now() < end);
}

void print_latencies(std::span<timed_load* const> loads) {
    const double roof = loads.front()->quantile(0.5);
    for (timed_load* each : loads) {
        fmt::print("    {:<44} p50 {:>7.1f} us  p99 {:>8.1f} us  {:>6.1f} x the roof's p50\n",
                   each->name,
                   each->quantile(0.5),
                   each->quantile(0.99),
                   each->quantile(0.5) / roof);
    }
}

}  // namespace verdikt::bench
