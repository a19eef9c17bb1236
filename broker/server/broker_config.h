/// The configuration that a broker starts with.
///
/// Invariant: every declared key has a value that its declaration allows.
#pragma once

#include "broker/server/config_key.h"
#include "broker/server/properties_file.h"
#include "runtime/network.h"

#include <expected>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdikt::broker::server {

using config_map = std::map<std::string, std::string, std::less<>>;

enum class config_source { dynamic, file, fallback };

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

    /// Where the value in force comes from.
    [[nodiscard]] config_source source(std::string_view key) const;
    /// What was set while running, by canonical name.
    [[nodiscard]] const config_map& dynamic_values() const { return dynamic_; }
    /// Of the file and the overrides; nothing if the key was left to its default.
    [[nodiscard]] std::optional<std::string> set_value(std::string_view key) const;

    /// Requires: the value passed `check_value`.
    void set(std::string_view key, std::string value);
    /// Replaces all that was set while running. Requires: dynamic keys, checked values.
    void set_dynamic(config_map values) { dynamic_ = std::move(values); }

  private:
    config_map dynamic_;
    config_map set_;
    config_map defaults_;
};

/// NAME://HOST:PORT. The host may be empty, or an IPv6 address in brackets.
struct listener_address {
    std::string name;
    runtime::endpoint at;

    bool operator==(const listener_address&) const = default;
};

[[nodiscard]] std::expected<listener_address, std::string> parse_listener(std::string_view text);

}  // namespace verdikt::broker::server
