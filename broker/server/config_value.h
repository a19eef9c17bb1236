/// Reads one configuration value against its key's declaration.
#pragma once

#include "broker/server/config_key.h"

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::broker::server {

/// The value as it is kept: trimmed, booleans in lower case. The error says what is wrong with it,
/// without naming the key.
[[nodiscard]] std::expected<std::string, std::string> check_value(const config_key& key,
                                                                  std::string_view text);

/// Requires: the text passed `check_value` of a key of that type.
[[nodiscard]] bool to_boolean(std::string_view text);
[[nodiscard]] std::int64_t to_integer(std::string_view text);
[[nodiscard]] double to_real(std::string_view text);
/// Parts between commas, trimmed, empty ones left out.
[[nodiscard]] std::vector<std::string> to_list(std::string_view text);

[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace verdikt::broker::server
