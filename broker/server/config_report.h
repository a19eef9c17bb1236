/// Configuration as the admin requests show and change it.
#pragma once

#include "broker/server/broker_config.h"
#include "broker/server/config_key.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::broker::server {

/// DescribeConfigs' numbers for where a value comes from.
enum class wire_source : std::int8_t {
    topic = 1,
    dynamic_broker = 2,
    static_broker = 4,
    fallback = 5,
};

/// What a resource is, in the numbers of the admin requests.
enum class resource_type : std::int8_t { topic = 2, broker = 4 };

struct config_synonym {
    std::string name;
    std::string value;
    wire_source source = wire_source::fallback;
};

struct reported_config {
    const config_key* key = nullptr;
    std::string value;
    wire_source source = wire_source::fallback;
    /// Where the value may come from, the one in force first.
    std::vector<config_synonym> synonyms;
};

/// Every topic key. Requires: checked overrides.
[[nodiscard]] std::vector<reported_config> report_topic_configs(const config_map& overrides,
                                                                const broker_config& broker);
/// Every broker key, aliases and keys without effect left out.
[[nodiscard]] std::vector<reported_config> report_broker_configs(const broker_config& broker);

/// DescribeConfigs' number for a type.
[[nodiscard]] std::int8_t wire_type(config_type type);

}  // namespace verdikt::broker::server
