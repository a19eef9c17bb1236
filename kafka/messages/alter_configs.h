/// AlterConfigs: replace the configuration of topics or brokers as a whole (KIP-133).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Keys that it does not name go back to their defaults, which is why IncrementalAlterConfigs
/// exists.
struct alter_configs_request {
    static const message_schema schema;

    struct alterable_config {
        static const struct_schema schema;

        std::string name;
        std::optional<std::string> value = "";

        bool operator==(const alterable_config&) const = default;
    };

    struct alter_configs_resource {
        static const struct_schema schema;

        std::int8_t resource_type = 0;
        std::string resource_name;
        std::vector<alterable_config> configs;

        bool operator==(const alter_configs_resource&) const = default;
    };

    std::vector<alter_configs_resource> resources;
    bool validate_only = false;

    bool operator==(const alter_configs_request&) const = default;
};

/// One error for each resource.
struct alter_configs_response {
    static const message_schema schema;

    struct alter_configs_resource_response {
        static const struct_schema schema;

        std::int16_t error_code = 0;
        std::optional<std::string> error_message = "";
        std::int8_t resource_type = 0;
        std::string resource_name;

        bool operator==(const alter_configs_resource_response&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::vector<alter_configs_resource_response> responses;

    bool operator==(const alter_configs_response&) const = default;
};

}  // namespace verdikt::kafka::messages
