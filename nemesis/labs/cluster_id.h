/// Ids of new clusters.
#pragma once

#include "runtime/random.h"

#include <string>

namespace verdikt::nemesis::labs {

/// As Kafka draws them: a random (version 4) UUID whose text does not begin with '-', which a
/// command line would take for a flag.
[[nodiscard]] std::string draw_cluster_id(runtime::random_source& random);

}  // namespace verdikt::nemesis::labs
