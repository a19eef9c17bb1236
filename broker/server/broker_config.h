/// The configuration that a broker starts with.
///
/// Invariant: every declared key has a value that its declaration allows.
#pragma once

#include "broker/server/config_key.h"
#include "broker/server/properties_file.h"
#include "runtime/network.h"

#include <expected>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::broker::server {

struct config_error {
    int line = 0;  ///< In the file; 0 for an override.
    std::string message;
};

class broker_config {
  public:
    /// All defaults.
    broker_config();

    /// Later properties win over earlier ones of the same name, so overrides go behind the file's.
    /// Reports everything that is wrong, in the order of the properties.
    [[nodiscard]] static std::expected<broker_config, std::vector<config_error>> load(
        std::span<const property> properties);

    /// Requires (all): a broker key of that type, by its canonical name.
    [[nodiscard]] bool boolean(std::string_view key) const;
    [[nodiscard]] std::int64_t integer(std::string_view key) const;
    [[nodiscard]] const std::string& text(std::string_view key) const;
    [[nodiscard]] std::vector<std::string> list(std::string_view key) const;

    /// Whether the key, or an alias of it, was set rather than left to its default.
    [[nodiscard]] bool is_set(std::string_view key) const { return set_.contains(key); }
    /// What was set, by canonical name.
    [[nodiscard]] const std::map<std::string, std::string, std::less<>>& set_values() const {
        return set_;
    }

    /// Requires: the value passed `check_value`.
    void set(std::string_view key, std::string value);

  private:
    std::map<std::string, std::string, std::less<>> set_;
    std::map<std::string, std::string, std::less<>> defaults_;
};

/// NAME://HOST:PORT. The host may be empty, or an IPv6 address in brackets.
struct listener_address {
    std::string name;
    runtime::endpoint at;

    bool operator==(const listener_address&) const = default;
};

[[nodiscard]] std::expected<listener_address, std::string> parse_listener(std::string_view text);

}  // namespace verdikt::broker::server
