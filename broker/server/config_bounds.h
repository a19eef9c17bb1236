/// Bounds that the values of many keys share.
#pragma once

#include <cstdint>
#include <limits>

namespace verdikt::broker::server {

inline constexpr std::int64_t int32_max = std::numeric_limits<std::int32_t>::max();

}  // namespace verdikt::broker::server
