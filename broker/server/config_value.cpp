#include "broker/server/config_value.h"

#include "runtime/check.h"
#include "runtime/parse_number.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace verdikt::broker::server {

namespace {

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& letter : lower) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    return lower;
}

std::expected<std::string, std::string> check_boolean(std::string_view text) {
    std::string lower = lower_case(text);
    if (lower == "true" || lower == "false") return lower;
    return std::unexpected(fmt::format("'{}' is neither true nor false", text));
}

std::expected<std::string, std::string> check_integer(const config_key& key,
                                                      std::string_view text) {
    const auto number = runtime::parse_number<std::int64_t>(text);
    if (!number) return std::unexpected(fmt::format("'{}' is not a whole number", text));
    if (*number < key.min) {
        return std::unexpected(fmt::format("{} is below the least value {}", *number, key.min));
    }
    if (*number > key.max) {
        return std::unexpected(fmt::format("{} is above the greatest value {}", *number, key.max));
    }
    return fmt::to_string(*number);
}

std::expected<std::string, std::string> check_real(const config_key& key, std::string_view text) {
    const auto number = runtime::parse_number<double>(text);
    if (!number || !std::isfinite(*number)) {
        return std::unexpected(fmt::format("'{}' is not a number", text));
    }
    if (*number < static_cast<double>(key.min) || *number > static_cast<double>(key.max)) {
        return std::unexpected(fmt::format("{} is not within {} and {}", text, key.min, key.max));
    }
    return std::string(text);
}

std::expected<std::string, std::string> check_choice(const config_key& key, std::string_view text) {
    if (key.choices.empty() || std::ranges::find(key.choices, text) != key.choices.end()) {
        return std::string(text);
    }
    return std::unexpected(fmt::format("'{}' is none of {}", text, fmt::join(key.choices, ", ")));
}

std::expected<std::string, std::string> check_list(const config_key& key, std::string_view text) {
    for (const std::string& part : to_list(text)) {
        if (auto checked = check_choice(key, part); !checked) return checked;
    }
    return std::string(text);
}

}  // namespace

std::expected<std::string, std::string> check_value(const config_key& key, std::string_view text) {
    const std::string_view value = trimmed(text);
    switch (key.type) {
        case config_type::boolean:
            return check_boolean(value);
        case config_type::int16:
        case config_type::int32:
        case config_type::int64:
            return check_integer(key, value);
        case config_type::real:
            return check_real(key, value);
        case config_type::text:
            return check_choice(key, value);
        case config_type::list:
            return check_list(key, value);
    }
    CHECK(false, "a config type of value {}", static_cast<int>(key.type));
    return {};
}

bool to_boolean(std::string_view text) {
    return text == "true";
}

std::int64_t to_integer(std::string_view text) {
    const auto number = runtime::parse_number<std::int64_t>(text);
    CHECK(number.has_value(), "'{}' passed for a whole number", text);
    return *number;
}

double to_real(std::string_view text) {
    const auto number = runtime::parse_number<double>(text);
    CHECK(number.has_value(), "'{}' passed for a number", text);
    return *number;
}

std::vector<std::string> to_list(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::size_t comma = text.find(',');
        const std::string_view part = trimmed(text.substr(0, comma));
        if (!part.empty()) parts.emplace_back(part);
        if (comma == std::string_view::npos) break;
        text.remove_prefix(comma + 1);
    }
    return parts;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n\f";
    const std::size_t first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

}  // namespace verdikt::broker::server
