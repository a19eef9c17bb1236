/// DeleteTopics: by name, or since version 6 by id; never what brokers keep for themselves.
#include "broker/metadata/topic_names.h"
#include "broker/server/forwarding.h"
#include "broker/server/handlers.h"

#include <algorithm>
#include <iterator>

namespace verdikt::broker::server {

namespace {

using kafka::error_code;
using delete_topic_state = messages::delete_topics_request::delete_topic_state;
using deletable_topic_result = messages::delete_topics_response::deletable_topic_result;

std::optional<deletable_topic_result> refusal_of(const topic_catalog& topics,
                                                 const delete_topic_state& asked) {
    deletable_topic_result answer{.name = asked.name, .topic_id = asked.topic_id};
    const bool by_id = !asked.topic_id.is_zero();
    if (by_id == asked.name.has_value()) {
        answer.error_code = kafka::to_wire(error_code::invalid_request);
        answer.error_message = "either a name or an id";
        return answer;
    }
    const auto which = by_id ? topics.find(asked.topic_id) : topics.find(*asked.name);
    if (which == nullptr || !metadata::is_internal_topic(which->name)) return std::nullopt;
    answer.error_code = kafka::to_wire(error_code::invalid_topic_exception);
    answer.error_message = "the broker keeps this topic for itself";
    return answer;
}

}  // namespace

runtime::awaitable<messages::delete_topics_response> handle_delete_topics(
    node_services& here,
    const request_context& /*asked*/,
    messages::delete_topics_request request) {
    // Versions before 6 have plain names.
    for (std::string& name : std::exchange(request.topic_names, {})) {
        request.topics.push_back({.name = std::move(name), .topic_id = {}});
    }
    std::vector<deletable_topic_result> refused;
    std::erase_if(request.topics, [&](const delete_topic_state& asked) {
        auto refusal = refusal_of(here.topics, asked);
        if (!refusal) return false;
        refused.push_back(std::move(*refusal));
        return true;
    });
    auto response =
        co_await ask_controller<messages::delete_topics_response>(here, std::move(request));
    for (deletable_topic_result& answer : response.responses) {
        if (answer.error_code == 0 || answer.error_message) continue;
        answer.error_message =
            std::string(kafka::describe(kafka::to_error_code(answer.error_code)));
    }
    co_await settle(here);
    std::ranges::move(refused, std::back_inserter(response.responses));
    co_return response;
}

}  // namespace verdikt::broker::server
