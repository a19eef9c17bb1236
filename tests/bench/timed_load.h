/// One request at a time, each with its time.
#pragma once

#include "race.h"
#include "wire_load.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace verdikt::bench {

struct timed_load {
    std::string name;
    wire_load load;
    std::vector<double> microseconds = {};

    void run(std::span<const frame> request, std::size_t count);
    /// Requires: it ran.
    double quantile(double which);
};

/// Until the time is up, at least one turn each.
void take_turns(std::span<timed_load* const> loads,
                std::span<const frame> request,
                std::size_t requests_each_turn,
                const settings& settings);

/// The first one is the roof.
void print_latencies(std::span<timed_load* const> loads);

}  // namespace verdikt::bench
