#include "workloads/admin/broker_questions.h"

#include "kafka/messages/describe_configs.h"
#include "kafka/messages/metadata.h"

#include <utility>

namespace verdikt::workloads {

using namespace kafka::messages;
using runtime::awaitable;

namespace {

constexpr std::int8_t topic_resource = 2;
/// KIP-226: set on the topic itself.
constexpr std::int8_t set_on_topic = 1;

bool is_unknown(std::int16_t code) {
    return kafka::to_error_code(code) == kafka::error_code::unknown_topic_or_partition;
}

bool is_well(std::int16_t code) {
    return kafka::to_error_code(code) == kafka::error_code::none;
}

}  // namespace

const std::vector<std::string>& watched_configs() {
    static const std::vector<std::string> names{"max.message.bytes", "retention.ms"};
    return names;
}

awaitable<client::result<topic_shapes>> ask_for_shapes(client::cluster& through,
                                                       kafka::node_id broker,
                                                       std::set<std::string> topics,
                                                       runtime::instant deadline) {
    metadata_request request;
    request.allow_auto_topic_creation = false;
    for (const std::string& name : topics) request.topics->emplace_back().name = name;
    auto answer = co_await through.call<metadata_response>(broker, std::move(request), deadline);
    if (!answer) co_return std::unexpected(answer.error().why);
    topic_shapes shapes;
    for (const auto& each : answer->message.topics) {
        const std::string name = each.name.value_or("");
        if (is_unknown(each.error_code)) shapes[name] = std::nullopt;
        if (is_well(each.error_code)) {
            shapes[name] = static_cast<std::int32_t>(each.partitions.size());
        }
    }
    co_return shapes;
}

awaitable<client::result<topic_configs>> ask_for_configs(client::cluster& through,
                                                         kafka::node_id broker,
                                                         std::set<std::string> topics,
                                                         runtime::instant deadline) {
    describe_configs_request request;
    for (const std::string& name : topics) {
        request.resources.push_back({.resource_type = topic_resource,
                                     .resource_name = name,
                                     .configuration_keys = watched_configs()});
    }
    auto answer =
        co_await through.call<describe_configs_response>(broker, std::move(request), deadline);
    if (!answer) co_return std::unexpected(answer.error().why);
    topic_configs configs;
    for (const auto& each : answer->message.results) {
        if (is_unknown(each.error_code)) configs[each.resource_name] = std::nullopt;
        if (!is_well(each.error_code)) continue;
        auto& told = configs[each.resource_name].emplace();
        for (const std::string& name : watched_configs()) told[name] = std::nullopt;
        for (const auto& entry : each.configs) {
            if (entry.config_source == set_on_topic) told[entry.name] = entry.value;
        }
    }
    co_return configs;
}

}  // namespace verdikt::workloads
