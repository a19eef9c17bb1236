/// CreateTopics: what the controller decides, without the topics that brokers make themselves.
#include "broker/metadata/topic_names.h"
#include "broker/server/config_report.h"
#include "broker/server/forwarding.h"
#include "broker/server/handlers.h"

#include <fmt/format.h>

#include <map>

namespace verdikt::broker::server {

namespace {

using kafka::error_code;
using creatable_topic = messages::create_topics_request::creatable_topic;
using creatable_topic_result = messages::create_topics_response::creatable_topic_result;

/// Kafka's warning for a name that could collide with another; nothing if it cannot.
std::optional<std::string> name_warning(std::string_view name) {
    if (name.find_first_of("._") == std::string_view::npos) return std::nullopt;
    return fmt::format(
        "'{}' has a period or an underscore, and metric names take both for the same: it is best "
        "to use one of them only",
        name);
}

creatable_topic_result refuse_creation(const std::string& name) {
    creatable_topic_result answer;
    answer.name = name;
    answer.error_code = kafka::to_wire(error_code::invalid_topic_exception);
    answer.error_message = fmt::format("'{}' is made by the broker itself", name);
    answer.num_partitions = -1;
    answer.replication_factor = -1;
    answer.configs.reset();
    return answer;
}

void show_configs(creatable_topic_result& answer,
                  const config_map& configs,
                  const broker_config& broker) {
    answer.configs.emplace();
    for (const reported_config& entry : report_topic_configs(configs, broker)) {
        answer.configs->push_back({.name = std::string(entry.key->name),
                                   .value = entry.value,
                                   .read_only = false,
                                   .config_source = static_cast<std::int8_t>(entry.source),
                                   .is_sensitive = false});
    }
}

config_map configs_of(const creatable_topic& asked) {
    config_map configs;
    for (const auto& config : asked.configs) {
        if (config.value) configs.insert_or_assign(config.name, *config.value);
    }
    return configs;
}

}  // namespace

runtime::awaitable<messages::create_topics_response> handle_create_topics(
    node_services& here,
    const request_context& /*asked*/,
    messages::create_topics_request request) {
    std::vector<creatable_topic_result> refused;
    std::map<std::string, config_map> configs;
    std::erase_if(request.topics, [&](const creatable_topic& asked) {
        if (metadata::is_internal_topic(asked.name)) {
            refused.push_back(refuse_creation(asked.name));
            return true;
        }
        configs.insert_or_assign(asked.name, configs_of(asked));
        return false;
    });
    const bool creates = !request.validate_only && !request.topics.empty();
    auto response =
        co_await ask_controller<messages::create_topics_response>(here, std::move(request));
    for (creatable_topic_result& answer : response.topics) {
        if (answer.error_code != 0) continue;
        show_configs(answer, configs[answer.name], here.config);
        if (const auto warning = name_warning(answer.name)) {
            here.world.log().write(runtime::log_level::warning,
                                   "topic_name_may_collide",
                                   {{"topic", answer.name}, {"why", *warning}});
        }
    }
    if (creates) co_await settle(here);
    std::ranges::move(refused, std::back_inserter(response.topics));
    co_return response;
}

}  // namespace verdikt::broker::server
