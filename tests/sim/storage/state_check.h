/// Compares what a log holds in memory with what the naive reading of its files says.
#pragma once

#include "broker/storage/stored_log.h"
#include "tests/sim/storage/naive_log.h"

#include <string>

namespace verdikt::broker::storage {

/// The first difference, in words; empty if there is none.
[[nodiscard]] std::string compare_with(const naive::log& truth,
                                       const stored_log& log,
                                       const log_config& config);

}  // namespace verdikt::broker::storage
