/// CreatePartitions: makes topics wider; never those that brokers keep for themselves, whose keys
/// are spread by the number of partitions.
#include "broker/metadata/topic_names.h"
#include "broker/server/forwarding.h"
#include "broker/server/handlers.h"

#include <algorithm>
#include <iterator>

namespace verdikt::broker::server {

namespace {

using create_partitions_topic = messages::create_partitions_request::create_partitions_topic;
using create_partitions_topic_result =
    messages::create_partitions_response::create_partitions_topic_result;

create_partitions_topic_result refuse_growth(const std::string& name) {
    create_partitions_topic_result answer;
    answer.name = name;
    answer.error_code = kafka::to_wire(kafka::error_code::invalid_topic_exception);
    answer.error_message = "the broker keeps this topic for itself";
    return answer;
}

}  // namespace

runtime::awaitable<messages::create_partitions_response> handle_create_partitions(
    node_services& here,
    const request_context& /*asked*/,
    messages::create_partitions_request request) {
    std::vector<create_partitions_topic_result> refused;
    std::erase_if(request.topics, [&refused](const create_partitions_topic& asked) {
        if (!metadata::is_internal_topic(asked.name)) return false;
        refused.push_back(refuse_growth(asked.name));
        return true;
    });
    auto response =
        co_await ask_controller<messages::create_partitions_response>(here, std::move(request));
    co_await settle(here);
    std::ranges::move(refused, std::back_inserter(response.results));
    co_return response;
}

}  // namespace verdikt::broker::server
