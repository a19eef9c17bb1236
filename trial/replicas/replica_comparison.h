/// The logs of all nodes compared, at the end of a trial in a lab with brokers of our own.
///
/// The brokers are asked which topics are compacted, and are then stopped in good order. What can
/// not be done is told as the reason why there is no comparison; it is no failure of the trial.
#pragma once

#include "checker/replica_logs/replica_logs.h"
#include "nemesis/lab.h"
#include "runtime/awaitable.h"
#include "runtime/environment.h"

#include <filesystem>

namespace verdikt::trial {

/// Requires: the lab runs, with everything healed; nobody needs its brokers any more. `scratch`
/// does not exist and does not afterwards: copies of what only a node itself can reach lie there
/// meanwhile.
[[nodiscard]] runtime::awaitable<checker::replica_logs::comparison> compare_replicas(
    runtime::environment& world, nemesis::lab& where, std::filesystem::path scratch);

}  // namespace verdikt::trial
