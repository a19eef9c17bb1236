/// Which known name did somebody mean? For the hint after an unknown key, flag or subcommand.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace verdikt::runtime {

/// Single-letter insertions, removals and replacements between the two (Levenshtein, 1966).
[[nodiscard]] std::size_t edit_distance(std::string_view left, std::string_view right);

/// The known name closest to the beginning of `name`, which may be of any length; the first where
/// several are. Requires: `known` is not empty.
[[nodiscard]] std::string_view nearest_name(std::string_view name,
                                            std::span<const std::string_view> known);

}  // namespace verdikt::runtime
