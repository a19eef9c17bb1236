/// How long to wait before trying again (KIP-580).
#pragma once

#include "runtime/clock.h"
#include "runtime/random.h"

#include <algorithm>
#include <cstdint>

namespace verdikt::client {

struct exponential_backoff {
    runtime::duration initial;
    runtime::duration max;

    /// Before the attempt after `failures` failed ones: doubles each time up to `max`, then 20 %
    /// either way so that clients do not return in step. Zero if nothing has failed.
    [[nodiscard]] runtime::duration delay(std::uint32_t failures,
                                          runtime::random_source& random) const {
        if (failures == 0) return runtime::duration::zero();
        runtime::duration wait = std::min(initial, max);
        for (std::uint32_t doubled = 1; doubled < failures && wait < max; ++doubled) {
            wait = std::min(max, wait * 2);
        }
        const auto spread = wait.count() / 5;
        return wait + runtime::duration(random.between(-spread, spread));
    }
};

}  // namespace verdikt::client
