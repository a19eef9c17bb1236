#include "broker/server/config_report.h"

#include "broker/server/topic_settings.h"
#include "runtime/check.h"

namespace verdikt::broker::server {

namespace {

std::vector<config_synonym> broker_synonyms(const config_key& key, const broker_config& broker) {
    std::vector<config_synonym> synonyms;
    const std::string name(key.name);
    if (const auto set = broker.dynamic_values().find(name); set != broker.dynamic_values().end()) {
        synonyms.push_back({name, set->second, wire_source::dynamic_broker});
    }
    if (const auto set = broker.set_value(name)) {
        synonyms.push_back({name, *set, wire_source::static_broker});
    }
    synonyms.push_back({name, std::string(key.fallback), wire_source::fallback});
    return synonyms;
}

reported_config report(const config_key& key, std::vector<config_synonym> synonyms) {
    return {.key = &key,
            .value = synonyms.front().value,
            .source = synonyms.front().source,
            .synonyms = std::move(synonyms)};
}

}  // namespace

std::vector<reported_config> report_topic_configs(const config_map& overrides,
                                                  const broker_config& broker) {
    std::vector<reported_config> reported;
    for (const config_key& key : topic_keys()) {
        const config_key* broker_key = find_key(broker_keys(), key.broker_key);
        CHECK(broker_key != nullptr, "{} has no broker key", key.name);
        std::vector<config_synonym> synonyms;
        if (const auto set = overrides.find(key.name); set != overrides.end()) {
            synonyms.push_back({std::string(key.name), set->second, wire_source::topic});
        }
        for (config_synonym& synonym : broker_synonyms(*broker_key, broker)) {
            synonyms.push_back(std::move(synonym));
        }
        reported.push_back(report(key, std::move(synonyms)));
    }
    return reported;
}

std::vector<reported_config> report_broker_configs(const broker_config& broker) {
    std::vector<reported_config> reported;
    for (const config_key& key : broker_keys()) {
        if (!key.alias_of.empty() || key.scope == config_scope::no_effect) continue;
        reported.push_back(report(key, broker_synonyms(key, broker)));
    }
    return reported;
}

std::int8_t wire_type(config_type type) {
    switch (type) {
        case config_type::boolean:
            return 1;
        case config_type::text:
            return 2;
        case config_type::int32:
            return 3;
        case config_type::int16:
            return 4;
        case config_type::int64:
            return 5;
        case config_type::real:
            return 6;
        case config_type::list:
            return 7;
    }
    CHECK(false, "a config type of value {}", static_cast<int>(type));
    return 0;
}

}  // namespace verdikt::broker::server
