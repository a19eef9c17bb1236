/// How deep the data of a history may nest.
#pragma once

namespace verdikt::checker::history {

/// Deeper than any history; bounds the stack.
inline constexpr int depth_max = 64;

}  // namespace verdikt::checker::history
