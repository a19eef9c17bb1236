/// AlterConfigs replaces all that is set on a resource; IncrementalAlterConfigs edits it (KIP-339).
#include "broker/server/config_change.h"
#include "broker/server/handlers.h"

namespace verdikt::broker::server {

namespace {

using answered_resource = messages::alter_configs_response::alter_configs_resource_response;

bool is_operation(std::int8_t number) {
    return number >= static_cast<std::int8_t>(config_operation::set) &&
           number <= static_cast<std::int8_t>(config_operation::subtract);
}

template <typename Answer>
void fill_answer(Answer& answer, const config_resource& which, config_fault fault) {
    answer.resource_type = which.type;
    answer.resource_name = which.name;
    answer.error_code = kafka::to_wire(fault.code);
    answer.error_message.reset();
    if (fault.code != kafka::error_code::none) answer.error_message = std::move(fault.message);
}

}  // namespace

runtime::awaitable<messages::alter_configs_response> handle_alter_configs(
    node_services& here,
    const request_context& /*asked*/,
    messages::alter_configs_request request) {
    messages::alter_configs_response response;
    for (auto& resource : request.resources) {
        const config_resource which{resource.resource_type, resource.resource_name};
        std::vector<config_edit> edits;
        for (auto& config : resource.configs) {
            edits.push_back({.name = std::move(config.name),
                             .operation = config_operation::set,
                             .value = std::move(config.value)});
        }
        config_fault fault =
            co_await apply_change(here, which, std::move(edits), true, request.validate_only);
        fill_answer(response.responses.emplace_back(), which, std::move(fault));
    }
    co_return response;
}

runtime::awaitable<messages::incremental_alter_configs_response> handle_incremental_alter_configs(
    node_services& here,
    const request_context& /*asked*/,
    messages::incremental_alter_configs_request request) {
    messages::incremental_alter_configs_response response;
    for (auto& resource : request.resources) {
        const config_resource which{resource.resource_type, resource.resource_name};
        std::vector<config_edit> edits;
        config_fault fault;
        for (auto& config : resource.configs) {
            if (!is_operation(config.config_operation)) {
                fault = {kafka::error_code::invalid_request,
                         fmt::format("{}: no operation {}", config.name, config.config_operation)};
            }
            edits.push_back({.name = std::move(config.name),
                             .operation = static_cast<config_operation>(config.config_operation),
                             .value = std::move(config.value)});
        }
        if (fault.code == kafka::error_code::none) {
            fault =
                co_await apply_change(here, which, std::move(edits), false, request.validate_only);
        }
        fill_answer(response.responses.emplace_back(), which, std::move(fault));
    }
    co_return response;
}

}  // namespace verdikt::broker::server
