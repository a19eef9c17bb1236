/// A whole broker under load while everything breaks, and its log when all is over.
#pragma once

#include "runtime/sim/world.h"
#include "tests/sim/load/broker_program.h"
#include "tests/sim/load/produce_history.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::tests {

struct storm_outcome {
    std::vector<std::string> violations;
    std::size_t acknowledgements = 0;
    std::uint64_t deaths = 0;
    std::uint64_t clean_ends = 0;
    std::uint64_t disk_failures = 0;
    std::uint64_t sectors_lost = 0;
};

/// Four producers, two of them idempotent, for `span` of virtual time, faults drawn from the
/// world's chance; then power is lost once more, and what recovery finds is compared with what was
/// acknowledged.
storm_outcome run_storm(runtime::sim::world& universe,
                        broker_program& program,
                        runtime::duration span);

}  // namespace verdikt::tests
