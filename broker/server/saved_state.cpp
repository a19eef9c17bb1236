#include "broker/server/saved_state.h"

#include <nlohmann/json.hpp>

namespace verdikt::broker::server {

namespace {

using nlohmann::json;

constexpr int format_version = 1;

json to_json(const config_map& configs) {
    json object = json::object();
    for (const auto& [name, value] : configs) object[name] = value;
    return object;
}

config_map configs_from(const json& object) {
    config_map configs;
    for (const auto& [name, value] : object.items()) {
        configs.emplace(name, value.get<std::string>());
    }
    return configs;
}

saved_topic topic_from(const json& object) {
    const auto id = kafka::uuid_from_text(object.at("id").get<std::string>());
    if (!id) throw json::other_error::create(501, "an id must be 22 letters of base64", &object);
    return {.id = *id,
            .partitions = object.at("partitions").get<std::int32_t>(),
            .configs = configs_from(object.at("configs"))};
}

saved_state state_from(const json& object) {
    if (object.at("version").get<int>() != format_version) {
        throw json::other_error::create(501, "unknown version", &object);
    }
    saved_state state;
    state.cluster_id = object.at("cluster_id").get<std::string>();
    state.next_producer_id = object.at("next_producer_id").get<std::int64_t>();
    state.broker_configs = configs_from(object.at("broker_configs"));
    for (const auto& [name, topic] : object.at("topics").items()) {
        state.topics.emplace(name, topic_from(topic));
    }
    for (const json& topic : object.at("deleted")) {
        state.deleted.push_back({.name = topic.at("name").get<std::string>(),
                                 .partitions = topic.at("partitions").get<std::int32_t>()});
    }
    return state;
}

}  // namespace

std::string encode_state(const saved_state& state) {
    json topics = json::object();
    for (const auto& [name, topic] : state.topics) {
        topics[name] = {{"id", kafka::to_text(topic.id)},
                        {"partitions", topic.partitions},
                        {"configs", to_json(topic.configs)}};
    }
    json deleted = json::array();
    for (const deleted_topic& topic : state.deleted) {
        deleted.push_back({{"name", topic.name}, {"partitions", topic.partitions}});
    }
    const json object = {{"version", format_version},
                         {"cluster_id", state.cluster_id},
                         {"next_producer_id", state.next_producer_id},
                         {"broker_configs", to_json(state.broker_configs)},
                         {"topics", topics},
                         {"deleted", deleted}};
    return object.dump(1) + "\n";
}

std::expected<saved_state, std::string> decode_state(std::string_view text) {
    try {
        return state_from(json::parse(text));
    } catch (const json::exception& error) {
        return std::unexpected(std::string(error.what()));
    }
}

}  // namespace verdikt::broker::server
