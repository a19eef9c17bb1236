/// The faults of a run that can have kept anybody from anything.
#pragma once

#include "checker/availability/availability.h"
#include "checker/report/run.h"

#include <vector>

namespace verdikt::checker::report {

/// Those that bit, in the order of the run's.
[[nodiscard]] std::vector<availability::disturbance> disturbances_of(const run& what);

}  // namespace verdikt::checker::report
