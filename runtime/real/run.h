/// The main loop of a program in the real world.
#pragma once

#include "runtime/real/world.h"

#include <functional>

namespace verdikt::runtime::real {

/// Makes a world, runs `main` in it to its end, and returns what it returned: the exit code. If an
/// exception leaves `main`, it is logged as `program_failed` and the exit code is 1. To end on a
/// signal, `main` awaits `wait_for_termination`. The process may open as many files as it is let.
[[nodiscard]] int run(world_options options, std::function<awaitable<int>(world&)> main);

}  // namespace verdikt::runtime::real
