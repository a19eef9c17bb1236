/// Puts `--property key=value` items into the members that they name.
#pragma once

#include "cli/record_text.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace verdikt::cli {

struct bound_property {
    std::string_view name;
    std::variant<bool*, std::string*, std::optional<std::string>*> target;
};

/// The message names the property, its value where that is at fault, and what would be right.
[[nodiscard]] std::expected<void, std::string> bind_properties(
    const properties& wanted, const std::vector<bound_property>& known);

}  // namespace verdikt::cli
