/// What workloads draw as their options say.
#pragma once

#include "runtime/clock.h"
#include "runtime/random.h"
#include "workloads/load_options.h"

#include <concepts>
#include <cstdint>

namespace verdikt::workloads {

/// How long a process rests between two operations. Uniform, so that processes do not act in step.
[[nodiscard]] inline runtime::duration draw_pause(const load_options& load,
                                                  runtime::random_source& random) {
    const double mean = 1e9 * static_cast<double>(load.concurrency) / load.rate;
    return runtime::duration(random.between(0, static_cast<std::int64_t>(2 * mean)));
}

/// From 0 up to `count`, each as often as the options say of keys. Requires: `count` > 0.
template <std::signed_integral Number>
[[nodiscard]] Number draw_one_of(Number count,
                                 const load_options& load,
                                 runtime::random_source& random) {
    if (load.key_distribution == "uniform") {
        return static_cast<Number>(random.between(0, count - 1));
    }
    Number drawn = 0;
    while (drawn + 1 < count && random.chance(0.5)) ++drawn;
    return drawn;
}

}  // namespace verdikt::workloads
