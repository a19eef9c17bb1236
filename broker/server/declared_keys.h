/// What the active controller is told of settings: the tables of keys, as rules.
#pragma once

#include "broker/controller/config_rules.h"
#include "broker/server/broker_config.h"

#include <optional>
#include <string>

namespace verdikt::broker::server {

class declared_keys final : public controller::config_rules {
  public:
    /// `config` outlives it, and gives what holds where nothing is set.
    explicit declared_keys(const broker_config& config) : config_(config) {}

    [[nodiscard]] std::expected<std::string, controller::fault> checked(
        const metadata::config_resource& of,
        const std::string& key,
        const std::string& value) const override;
    [[nodiscard]] std::optional<std::string> default_list(const metadata::config_resource& of,
                                                          const std::string& key) const override;
    [[nodiscard]] std::optional<controller::fault> conflict(
        const metadata::config_resource& of, const metadata::config_values& values) const override;

  private:
    const broker_config& config_;
};

}  // namespace verdikt::broker::server
