/// DescribeCluster: which brokers there are, as the listener that was asked reaches them.
#include "broker/metadata/client_view.h"
#include "broker/server/api_table.h"
#include "broker/server/handlers.h"

namespace verdikt::broker::server {

namespace {
constexpr std::int8_t brokers_endpoint = 1;
}

runtime::awaitable<messages::describe_cluster_response> handle_describe_cluster(
    node_services& here, const request_context& asked, messages::describe_cluster_request request) {
    messages::describe_cluster_response answer;
    answer.cluster_id = here.cluster_id;
    answer.endpoint_type = request.endpoint_type;
    if (request.endpoint_type != brokers_endpoint) {
        answer.error_code = kafka::to_wire(kafka::error_code::unsupported_endpoint_type);
        answer.error_message = "this listener is for clients of brokers";
        co_return answer;
    }
    answer.controller_id = here.metadata.leader().value_or(kafka::no_node).value();
    for (auto& broker : metadata::brokers_for(here.metadata.image(), asked.listener->name)) {
        answer.brokers.push_back({.broker_id = broker.node_id,
                                  .host = std::move(broker.host),
                                  .port = broker.port,
                                  .rack = std::move(broker.rack)});
    }
    co_return answer;
}

}  // namespace verdikt::broker::server
