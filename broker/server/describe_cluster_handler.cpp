#include "broker/server/handlers.h"

namespace verdikt::broker::server {

namespace {
constexpr std::int8_t brokers_endpoint = 1;
}

runtime::awaitable<messages::describe_cluster_response> handle_describe_cluster(
    node_services& here, const request_context& asked, messages::describe_cluster_request request) {
    messages::describe_cluster_response answer;
    answer.cluster_id = here.topics.cluster_id();
    answer.endpoint_type = request.endpoint_type;
    if (request.endpoint_type != brokers_endpoint) {
        answer.error_code = kafka::to_wire(kafka::error_code::unsupported_endpoint_type);
        answer.error_message = "this listener is for clients of brokers";
        co_return answer;
    }
    answer.controller_id = here.node.value();
    answer.brokers.push_back({.broker_id = here.node.value(),
                              .host = asked.advertised.host,
                              .port = asked.advertised.port,
                              .rack = std::nullopt});
    co_return answer;
}

}  // namespace verdikt::broker::server
