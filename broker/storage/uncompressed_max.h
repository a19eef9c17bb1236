/// No batch that a broker accepted unpacks to more: well above any message.max.bytes in use.
#pragma once

#include <cstddef>

namespace verdikt::broker::storage {

inline constexpr std::size_t uncompressed_max = std::size_t{1} << 30;

}  // namespace verdikt::broker::storage
