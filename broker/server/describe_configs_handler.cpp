/// DescribeConfigs: every setting of topics and of this broker, and where its value comes from.
#include "broker/server/config_report.h"
#include "broker/server/handlers.h"

#include <algorithm>

namespace verdikt::broker::server {

namespace {

using kafka::error_code;
using asked_resource = messages::describe_configs_request::describe_configs_resource;
using answered_resource = messages::describe_configs_response::describe_configs_result;
using answered_config = messages::describe_configs_response::describe_configs_resource_result;

struct detail {
    bool synonyms = false;
    bool documentation = false;
    bool broker = false;
    bool default_flag = false;  ///< Version 0 tells only whether a value is a default.
};

answered_config show(const reported_config& entry, detail wanted) {
    answered_config shown;
    shown.name = std::string(entry.key->name);
    shown.value = entry.value;
    shown.read_only = wanted.broker && entry.key->scope != config_scope::dynamic;
    shown.config_source = static_cast<std::int8_t>(entry.source);
    shown.is_default = wanted.default_flag && entry.source == wire_source::fallback;
    shown.config_type = wire_type(entry.key->type);
    shown.documentation.reset();
    if (wanted.documentation) shown.documentation = std::string(entry.key->meaning);
    if (!wanted.synonyms) return shown;
    for (const config_synonym& synonym : entry.synonyms) {
        shown.synonyms.push_back({.name = synonym.name,
                                  .value = synonym.value,
                                  .source = static_cast<std::int8_t>(synonym.source)});
    }
    return shown;
}

void show_all(const std::vector<reported_config>& reported,
              const asked_resource& asked,
              detail wanted,
              answered_resource& answer) {
    for (const reported_config& entry : reported) {
        const bool selected = !asked.configuration_keys || asked.configuration_keys->empty() ||
                              std::ranges::find(*asked.configuration_keys, entry.key->name) !=
                                  asked.configuration_keys->end();
        if (selected) answer.configs.push_back(show(entry, wanted));
    }
}

void refuse(answered_resource& answer, error_code code, std::string message) {
    answer.error_code = kafka::to_wire(code);
    answer.error_message = std::move(message);
}

answered_resource describe(const node_services& here, const asked_resource& asked, detail wanted) {
    answered_resource answer;
    answer.resource_type = asked.resource_type;
    answer.resource_name = asked.resource_name;
    answer.error_message.reset();
    if (asked.resource_type == static_cast<std::int8_t>(resource_type::topic)) {
        const auto which = here.topics.find(asked.resource_name);
        if (which == nullptr) {
            refuse(answer, error_code::unknown_topic_or_partition, "there is no such topic");
            return answer;
        }
        show_all(report_topic_configs(which->configs, here.config), asked, wanted, answer);
        return answer;
    }
    if (asked.resource_type != static_cast<std::int8_t>(resource_type::broker)) {
        refuse(answer, error_code::invalid_request, "only topics and brokers have configurations");
        return answer;
    }
    // No name asks for what holds for all brokers; here nothing is set for more than one.
    if (asked.resource_name.empty()) return answer;
    if (asked.resource_name != fmt::to_string(here.node.value())) {
        refuse(answer,
               error_code::invalid_request,
               fmt::format("this is broker {}", here.node.value()));
        return answer;
    }
    wanted.broker = true;
    show_all(report_broker_configs(here.config), asked, wanted, answer);
    return answer;
}

}  // namespace

runtime::awaitable<messages::describe_configs_response> handle_describe_configs(
    node_services& here, const request_context& asked, messages::describe_configs_request request) {
    const detail wanted{.synonyms = request.include_synonyms,
                        .documentation = request.include_documentation,
                        .default_flag = asked.version == 0};
    messages::describe_configs_response response;
    for (const asked_resource& resource : request.resources) {
        response.results.push_back(describe(here, resource, wanted));
    }
    co_return response;
}

}  // namespace verdikt::broker::server
