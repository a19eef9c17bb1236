/// The two clocks of a node. They are separate because clock faults skew them separately:
/// deadlines, sessions and latencies are monotonic, record timestamps and retention are wall time.
#pragma once

#include <chrono>
#include <cstdint>

namespace verdikt::runtime {

using duration = std::chrono::nanoseconds;

/// Names the time line of `environment::now()`. It has no `now()`: only an environment has one.
struct monotonic_clock {
    using duration = runtime::duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<monotonic_clock>;
    static constexpr bool is_steady = true;
};

/// A moment since the environment came into being, in nanoseconds.
using instant = monotonic_clock::time_point;

/// Wall time as Kafka writes it: milliseconds since the Unix epoch.
using wall_instant = std::chrono::sys_time<std::chrono::milliseconds>;

}  // namespace verdikt::runtime
