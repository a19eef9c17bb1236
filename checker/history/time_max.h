/// Times of a history lie within 73 years before and behind its beginning, in nanoseconds, so that
/// the difference of two of them is a number again.
#pragma once

#include <cstdint>

namespace verdikt::checker::history {

inline constexpr std::int64_t time_max = std::int64_t{1} << 61;

}  // namespace verdikt::checker::history
