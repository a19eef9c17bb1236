/// DescribeConfigs: configuration of topics and brokers (KIP-133).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::kafka::messages {

/// Null keys ask for all. Synonyms since version 1 (KIP-226), documentation since version 3
/// (KIP-569).
struct describe_configs_request {
    static const message_schema schema;

    struct describe_configs_resource {
        static const struct_schema schema;

        std::int8_t resource_type = 0;
        std::string resource_name;
        std::optional<std::vector<std::string>> configuration_keys{std::in_place};

        bool operator==(const describe_configs_resource&) const = default;
    };

    std::vector<describe_configs_resource> resources;
    bool include_synonyms = false;
    bool include_documentation = false;

    bool operator==(const describe_configs_request&) const = default;
};

/// Where a value comes from: version 0 tells only whether it is a default, later ones name the
/// source (KIP-226).
struct describe_configs_response {
    static const message_schema schema;

    struct describe_configs_synonym {
        static const struct_schema schema;

        std::string name;
        std::optional<std::string> value = "";
        std::int8_t source = 0;

        bool operator==(const describe_configs_synonym&) const = default;
    };

    struct describe_configs_resource_result {
        static const struct_schema schema;

        std::string name;
        std::optional<std::string> value = "";
        bool read_only = false;
        bool is_default = false;
        std::int8_t config_source = -1;
        bool is_sensitive = false;
        std::vector<describe_configs_synonym> synonyms;
        std::int8_t config_type = 0;
        std::optional<std::string> documentation = "";

        bool operator==(const describe_configs_resource_result&) const = default;
    };

    struct describe_configs_result {
        static const struct_schema schema;

        std::int16_t error_code = 0;
        std::optional<std::string> error_message = "";
        std::int8_t resource_type = 0;
        std::string resource_name;
        std::vector<describe_configs_resource_result> configs;

        bool operator==(const describe_configs_result&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::vector<describe_configs_result> results;

    bool operator==(const describe_configs_response&) const = default;
};

}  // namespace verdikt::kafka::messages
