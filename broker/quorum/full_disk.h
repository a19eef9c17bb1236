/// A full disk is no failure: whoever has something to write tries again after a while.
#pragma once

#include "runtime/clock.h"

#include <chrono>

namespace verdikt::broker::quorum {

inline constexpr runtime::duration space_retry_interval = std::chrono::milliseconds(100);

}  // namespace verdikt::broker::quorum
