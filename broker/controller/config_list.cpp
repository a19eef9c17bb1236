#include "broker/controller/config_list.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace verdikt::broker::controller {

namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::vector<std::string_view> items_of(std::string_view list) {
    std::vector<std::string_view> result;
    while (!list.empty()) {
        const auto comma = list.find(',');
        const auto item = trimmed(list.substr(0, comma));
        if (!item.empty()) result.push_back(item);
        list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    }
    return result;
}

std::vector<std::string_view> remaining(std::string_view present, std::string_view items) {
    auto result = items_of(present);
    for (const std::string_view item : items_of(items)) std::erase(result, item);
    return result;
}

}  // namespace

std::string list_with(std::string_view present, std::string_view items) {
    auto result = remaining(present, items);
    std::ranges::copy(items_of(items), std::back_inserter(result));
    return fmt::format("{}", fmt::join(result, ","));
}

std::string list_without(std::string_view present, std::string_view items) {
    return fmt::format("{}", fmt::join(remaining(present, items), ","));
}

}  // namespace verdikt::broker::controller
