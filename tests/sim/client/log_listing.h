/// What the log files of a broker hold, a line a batch: for a failure that has to be understood.
#pragma once

#include "runtime/environment.h"

#include <string>
#include <vector>

namespace verdikt::tests {

/// Of the partitions (directories) given, each in the order of its offsets. Requires: no broker
/// writes there.
[[nodiscard]] runtime::awaitable<std::vector<std::string>> list_logs(
    runtime::environment& world, std::vector<std::string> partitions);

}  // namespace verdikt::tests
