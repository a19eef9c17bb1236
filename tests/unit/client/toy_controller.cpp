#include "tests/unit/client/toy_controller.h"

#include "kafka/messages/alter_configs.h"
#include "kafka/messages/create_topics.h"
#include "kafka/messages/describe_configs.h"
#include "kafka/messages/incremental_alter_configs.h"
#include "kafka/messages/list_groups.h"
#include "tests/unit/client/toy_wire.h"

namespace verdikt::client {

using namespace kafka::messages;
using kafka::api_key;
using kafka::error_code;
using bytes = std::vector<std::byte>;

std::optional<bytes> toy_controller::carry_out(api_key key,
                                               std::int16_t version,
                                               std::span<const std::byte> body,
                                               std::optional<error_code> refuse) {
    switch (key) {
        case api_key::create_topics:
            return create(version, body, refuse);
        case api_key::describe_configs:
            return describe(version, body);
        case api_key::alter_configs:
            return replace(version, body);
        case api_key::incremental_alter_configs:
            return change(version, body);
        case api_key::list_groups: {
            list_groups_response told;
            told.error_code = kafka::to_wire(refuse.value_or(error_code::none));
            if (!refuse) told.groups.push_back({.group_id = "g", .protocol_type = "consumer"});
            return encoded_body(told, version);
        }
        default:
            return std::nullopt;
    }
}

bytes toy_controller::create(std::int16_t version,
                             std::span<const std::byte> body,
                             std::optional<error_code> refuse) {
    const auto request = decoded_body<create_topics_request>(body, version);
    create_topics_response told;
    for (const auto& each : request.topics) {
        auto& answered = told.topics.emplace_back();
        answered.name = each.name;
        error_code code = refuse.value_or(error_code::none);
        if (code == error_code::none && !topics.insert(each.name).second) {
            code = error_code::topic_already_exists;
        }
        answered.error_code = kafka::to_wire(code);
    }
    return encoded_body(told, version);
}

bytes toy_controller::describe(std::int16_t version, std::span<const std::byte> body) const {
    constexpr std::int8_t set_for_topic = 1;
    const auto request = decoded_body<describe_configs_request>(body, version);
    describe_configs_response told;
    for (const auto& each : request.resources) {
        auto& answered = told.results.emplace_back();
        answered.resource_type = each.resource_type;
        answered.resource_name = each.resource_name;
        for (const auto& [name, value] : configs) {
            auto& entry = answered.configs.emplace_back();
            entry.name = name;
            entry.value = value;
            entry.config_source = set_for_topic;
        }
    }
    return encoded_body(told, version);
}

bytes toy_controller::replace(std::int16_t version, std::span<const std::byte> body) {
    const auto request = decoded_body<alter_configs_request>(body, version);
    alter_configs_response told;
    for (const auto& each : request.resources) {
        configs.clear();
        for (const auto& config : each.configs) configs[config.name] = config.value.value_or("");
        auto& answered = told.responses.emplace_back();
        answered.resource_type = each.resource_type;
        answered.resource_name = each.resource_name;
    }
    return encoded_body(told, version);
}

bytes toy_controller::change(std::int16_t version, std::span<const std::byte> body) {
    const auto request = decoded_body<incremental_alter_configs_request>(body, version);
    incremental_alter_configs_response told;
    for (const auto& each : request.resources) {
        for (const auto& config : each.configs) {
            if (config.config_operation == 0) configs[config.name] = config.value.value_or("");
            if (config.config_operation == 1) configs.erase(config.name);
        }
        auto& answered = told.responses.emplace_back();
        answered.resource_type = each.resource_type;
        answered.resource_name = each.resource_name;
    }
    return encoded_body(told, version);
}

}  // namespace verdikt::client
