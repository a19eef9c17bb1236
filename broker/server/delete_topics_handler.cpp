/// DeleteTopics: by name, or since version 6 by id.
#include "broker/coordinator/group_coordinator.h"
#include "broker/metadata/topic_names.h"
#include "broker/server/handlers.h"

namespace verdikt::broker::server {

namespace {

using kafka::error_code;
using asked_topic = messages::delete_topics_request::delete_topic_state;
using answered_topic = messages::delete_topics_response::deletable_topic_result;

constexpr std::int16_t states_version = 6;

answered_topic refuse(answered_topic answer, error_code code, std::string message = {}) {
    answer.error_code = kafka::to_wire(code);
    answer.error_message =
        message.empty() ? std::string(kafka::describe(code)) : std::move(message);
    return answer;
}

runtime::awaitable<answered_topic> remove_topic(node_services& here, asked_topic asked) {
    answered_topic answer{.name = asked.name, .topic_id = asked.topic_id};
    const bool by_id = !asked.topic_id.is_zero();
    if (by_id == asked.name.has_value()) {
        co_return refuse(answer, error_code::invalid_request, "either a name or an id");
    }
    if (!here.config.boolean("delete.topic.enable")) {
        co_return refuse(answer, error_code::topic_deletion_disabled);
    }
    const auto which = by_id ? here.topics.find(asked.topic_id) : here.topics.find(*asked.name);
    if (which == nullptr) {
        co_return refuse(
            answer, by_id ? error_code::unknown_topic_id : error_code::unknown_topic_or_partition);
    }
    answer.name = which->name;
    answer.topic_id = which->id;
    if (metadata::is_internal_topic(which->name)) {
        co_return refuse(
            answer, error_code::invalid_topic_exception, "the broker keeps this topic for itself");
    }
    const auto removed = co_await here.topics.remove(which->name);
    if (!removed) co_return refuse(answer, removed.error());
    here.groups.topic_deleted(which->name);
    co_return answer;
}

}  // namespace

runtime::awaitable<messages::delete_topics_response> handle_delete_topics(
    node_services& here, const request_context& asked, messages::delete_topics_request request) {
    if (asked.version < states_version) {
        for (std::string& name : request.topic_names) {
            request.topics.push_back({.name = std::move(name), .topic_id = {}});
        }
    }
    messages::delete_topics_response response;
    for (asked_topic& topic : request.topics) {
        response.responses.push_back(co_await remove_topic(here, std::move(topic)));
    }
    co_return response;
}

}  // namespace verdikt::broker::server
