/// Values that are lists, "a,b,c".
#pragma once

#include <string>
#include <string_view>

namespace verdikt::broker::controller {

/// `present` with each of `items` at its end, once.
[[nodiscard]] std::string list_with(std::string_view present, std::string_view items);
/// `present` without any of `items`.
[[nodiscard]] std::string list_without(std::string_view present, std::string_view items);

}  // namespace verdikt::broker::controller
