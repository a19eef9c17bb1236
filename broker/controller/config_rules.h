/// Which settings there are and what they may be: known to whoever has the tables of keys.
#pragma once

#include "broker/controller/decision.h"
#include "broker/metadata/cluster.h"

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace verdikt::broker::controller {

class config_rules {
  public:
    virtual ~config_rules() = default;

    /// The value as it is stored, or why it cannot be set.
    [[nodiscard]] virtual std::expected<std::string, fault> checked(
        const metadata::config_resource& of,
        const std::string& key,
        const std::string& value) const = 0;
    /// What a list-valued key holds where nothing is set; nothing if the key is unknown or no list.
    [[nodiscard]] virtual std::optional<std::string> default_list(
        const metadata::config_resource& of, const std::string& key) const = 0;
    /// Why the settings, each fine alone, cannot stand together.
    [[nodiscard]] virtual std::optional<fault> conflict(
        const metadata::config_resource& of, const metadata::config_values& values) const = 0;
};

}  // namespace verdikt::broker::controller
