/// CreatePartitions: makes topics wider.
#include "broker/server/handlers.h"

#include <algorithm>
#include "broker/metadata/topic_names.h"

namespace verdikt::broker::server {

namespace {

using kafka::error_code;
using asked_topic = messages::create_partitions_request::create_partitions_topic;
using answered_topic = messages::create_partitions_response::create_partitions_topic_result;

struct fault {
    error_code code = error_code::none;
    std::string message = {};
};

fault check(const asked_topic& asked, const node_services& here) {
    const auto which = here.topics.find(asked.name);
    if (which == nullptr) {
        return {error_code::unknown_topic_or_partition, "there is no such topic"};
    }
    if (metadata::is_internal_topic(asked.name)) {
        return {error_code::invalid_topic_exception, "the broker keeps this topic for itself"};
    }
    const auto present = static_cast<std::int32_t>(which->partitions.size());
    if (asked.count <= present || asked.count > topic_partitions_max) {
        return {error_code::invalid_partitions,
                fmt::format("the topic has {} partitions; {} to {} are possible",
                            present,
                            present + 1,
                            topic_partitions_max)};
    }
    if (!asked.assignments || asked.assignments->empty()) return {};
    const std::vector only_node{here.node.value()};
    const bool on_this_node = std::ranges::all_of(*asked.assignments, [&](const auto& assignment) {
        return assignment.broker_ids == only_node;
    });
    const bool complete =
        asked.assignments->size() == static_cast<std::size_t>(asked.count - present);
    if (on_this_node && complete) return {};
    return {error_code::invalid_replica_assignment,
            fmt::format("each of the {} new partitions must be assigned to broker {}",
                        asked.count - present,
                        here.node.value())};
}

}  // namespace

runtime::awaitable<messages::create_partitions_response> handle_create_partitions(
    node_services& here,
    const request_context& /*asked*/,
    messages::create_partitions_request request) {
    messages::create_partitions_response response;
    for (const asked_topic& asked : request.topics) {
        fault found = check(asked, here);
        if (found.code == error_code::none && !request.validate_only) {
            const auto grown = co_await here.topics.grow(asked.name, asked.count);
            if (!grown) found = {grown.error(), std::string(kafka::describe(grown.error()))};
        }
        answered_topic answer;
        answer.name = asked.name;
        answer.error_code = kafka::to_wire(found.code);
        if (found.code != error_code::none) answer.error_message = std::move(found.message);
        response.results.push_back(std::move(answer));
    }
    co_return response;
}

}  // namespace verdikt::broker::server
