#include "cli/property_binder.h"

#include "runtime/nearest_name.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::cli {

namespace {

bool assign(bool* target, std::string_view value) {
    if (value != "true" && value != "false") return false;
    *target = value == "true";
    return true;
}

bool assign(std::string* target, std::string_view value) {
    *target = value;
    return true;
}

bool assign(std::optional<std::string>* target, std::string_view value) {
    *target = std::string(value);
    return true;
}

}  // namespace

std::expected<properties, std::string> parse_properties(const std::vector<std::string>& items) {
    properties parsed;
    for (const std::string& item : items) {
        const std::size_t equals = item.find('=');
        if (equals == std::string::npos) {
            return std::unexpected(fmt::format("'{}' is not of the form key=value", item));
        }
        parsed[item.substr(0, equals)] = item.substr(equals + 1);
    }
    return parsed;
}

std::expected<void, std::string> bind_properties(const properties& wanted,
                                                 const std::vector<bound_property>& known) {
    for (const auto& [name, value] : wanted) {
        const auto found = std::ranges::find(known, name, &bound_property::name);
        if (found == known.end()) {
            std::vector<std::string_view> names;
            for (const bound_property& property : known) names.push_back(property.name);
            return std::unexpected(fmt::format("unknown property '{}'; did you mean {}?",
                                               name,
                                               runtime::nearest_name(name, names)));
        }
        const bool taken =
            std::visit([&](auto* target) { return assign(target, value); }, found->target);
        if (!taken) {
            return std::unexpected(
                fmt::format("property {} is true or false, not '{}'", name, value));
        }
    }
    return {};
}

}  // namespace verdikt::cli
