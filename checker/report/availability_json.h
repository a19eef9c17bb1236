/// Availability and recovery, as `results.json` has them.
#pragma once

#include "checker/availability/availability.h"

#include <nlohmann/json.hpp>

namespace verdikt::checker::report {

[[nodiscard]] nlohmann::ordered_json availability_as_json(const availability::measured& what);

}  // namespace verdikt::checker::report
