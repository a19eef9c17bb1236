/// What each replica holds around a difference, in words.
#pragma once

#include "checker/replica_logs/replica_logs.h"

#include <vector>

namespace verdikt::checker::replica_logs {

/// So many batches of a replica are shown before the place, and after it.
inline constexpr std::size_t batches_around = 4;

[[nodiscard]] std::vector<node_slice> slices_around(const partition& of, std::int64_t offset);

}  // namespace verdikt::checker::replica_logs
