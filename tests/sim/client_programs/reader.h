/// Reads a topic from its beginning to its end, as a program would after everything has calmed
/// down.
#pragma once

#include "client/configuration.h"
#include "runtime/environment.h"
#include "tests/sim/client_programs/produced_history.h"

#include <string>
#include <vector>

namespace verdikt::tests {

/// In offset order within each partition. Throws if the topic cannot be read.
runtime::awaitable<std::vector<found_record>> read_topic(runtime::environment& world,
                                                         client::client_config config,
                                                         std::string topic);

}  // namespace verdikt::tests
