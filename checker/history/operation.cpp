#include "checker/history/operation.h"

#include <algorithm>
#include <array>

namespace verdikt::checker::history {

namespace {

constexpr std::array<std::string_view, 4> type_names{"invoke", "ok", "fail", "info"};

}  // namespace

std::string_view name_of(op_type type) {
    return type_names[static_cast<std::size_t>(type)];
}

std::optional<op_type> op_type_of(std::string_view name) {
    const auto found = std::ranges::find(type_names, name);
    if (found == type_names.end()) return std::nullopt;
    return static_cast<op_type>(found - type_names.begin());
}

void operation::clear() {
    index = 0;
    time = 0;
    process = 0;
    type = op_type::invoke;
    f.clear();
    value.clear();
    error.clear();
    more.clear();
}

}  // namespace verdikt::checker::history
