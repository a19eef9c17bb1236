/// Addresses of pages: taken apart, and put together.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::cli {

struct url {
    std::vector<std::string> path;  ///< Decoded; no segment is empty, `.` or `..`.
    std::map<std::string, std::string> query;
};

/// Nothing if it is malformed, or tries to climb.
[[nodiscard]] std::optional<url> parse_url(std::string_view target);

/// With everything escaped that means something in an address (RFC 3986); `/` stays.
[[nodiscard]] std::string percent_encoded(std::string_view path);

}  // namespace verdikt::cli
