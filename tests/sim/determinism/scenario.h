/// A program whose every run must follow from its seed. Adding one is adding one file:
///
///     const scenario_registration registered("my_scenario", [](sim::world& universe) { ... });
#pragma once

#include "runtime/sim/world.h"

#include <map>
#include <string>

namespace verdikt::tests {

using scenario = void (*)(runtime::sim::world&);

/// By name, which is also the order in which they run.
std::map<std::string, scenario>& scenarios();

struct scenario_registration {
    scenario_registration(const char* name, scenario run) { scenarios().emplace(name, run); }
};

}  // namespace verdikt::tests
