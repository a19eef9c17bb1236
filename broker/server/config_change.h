/// Changes of settings: what AlterConfigs and IncrementalAlterConfigs come to. The changes
/// themselves are pure; `apply_change` carries one out.
#pragma once

#include "broker/server/broker_config.h"
#include "broker/server/config_report.h"
#include "broker/server/node_services.h"
#include "kafka/error_codes.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::broker::server {

/// The numbers are those of IncrementalAlterConfigs (KIP-339).
enum class config_operation : std::int8_t { set = 0, remove = 1, append = 2, subtract = 3 };

struct config_edit {
    std::string name;
    config_operation operation = config_operation::set;
    std::optional<std::string> value;
};

struct config_fault {
    kafka::error_code code = kafka::error_code::none;
    std::string message;
};

/// Which resource to change: as the request names it.
struct config_resource {
    std::int8_t type = 0;
    std::string name;
};

/// `present` after the edits. `append` and `subtract` start from the value in force where nothing
/// is set.
[[nodiscard]] std::expected<config_map, config_fault> edited(
    const config_map& present,
    const std::vector<config_edit>& edits,
    std::span<const config_key> keys,
    const std::vector<reported_config>& in_force);

/// Applies the edits to what is set, or, if `replace`, to nothing: AlterConfigs forgets what it
/// does not name.
runtime::awaitable<config_fault> apply_change(node_services& here,
                                              config_resource which,
                                              std::vector<config_edit> edits,
                                              bool replace,
                                              bool validate_only);

}  // namespace verdikt::broker::server
