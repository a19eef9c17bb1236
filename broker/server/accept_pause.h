/// How long a listener waits after an accept that failed, as it does for want of file descriptors.
#pragma once

#include <chrono>

namespace verdikt::broker::server {

inline constexpr std::chrono::milliseconds accept_pause{100};

}  // namespace verdikt::broker::server
