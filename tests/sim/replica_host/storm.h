/// Three brokers with real hosts under attack: clients write and read, everything breaks, then the
/// weather clears, everybody catches up, and the logs are compared byte by byte.
#pragma once

#include "tests/sim/replica_host/storm_broker.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::tests {

struct storm_report {
    std::vector<std::string> violations;
    std::uint64_t trace_hash = 0;
    double simulated_seconds = 0;

    // Evidence that load and faults bit.
    std::size_t acknowledged = 0;
    std::size_t deletions = 0;
    std::uint64_t starts = 0;
    std::uint64_t leader_epochs = 0;
    std::uint64_t partition_epochs = 0;
    std::uint64_t sectors_lost = 0;
    std::uint64_t io_errors = 0;
    std::uint64_t connections_broken = 0;
};

/// How a canary misbehaves. The history has to show each.
enum class misdeed {
    none,
    /// Counts records as kept that only the page cache has, under losses of power.
    believes_the_page_cache,
};

[[nodiscard]] storm_report run_storm(std::uint64_t seed, misdeed canary = misdeed::none);

}  // namespace verdikt::tests
