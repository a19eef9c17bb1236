// A whole broker under load and faults: in it, whatever does not follow from the seed shows as a
// differing trace hash.
#include "tests/sim/determinism/scenario.h"
#include "tests/sim/load/storm.h"

#include <fmt/format.h>

#include <chrono>

namespace verdikt::tests {
namespace {

void run_broker_storm(runtime::sim::world& universe) {
    broker_program program;
    const storm_outcome outcome = run_storm(universe, program, std::chrono::seconds(3));
    universe.mark(fmt::format("{} acknowledged", outcome.acknowledgements));
    universe.end();  // The broker refers to its program.
}

const scenario_registration registered("broker_storm", run_broker_storm);

}  // namespace
}  // namespace verdikt::tests
