#include "broker/controller/topics.h"

#include "kafka/error_codes.h"

#include <utility>

namespace verdikt::broker::controller {

namespace messages = kafka::messages;
using kafka::error_code;
using delete_topic_state = messages::delete_topics_request::delete_topic_state;
using deletable_topic_result = messages::delete_topics_response::deletable_topic_result;

namespace {

/// Versions before 6 have plain names.
std::vector<delete_topic_state> topics_of(const messages::delete_topics_request& request) {
    std::vector<delete_topic_state> result = request.topics;
    for (const std::string& name : request.topic_names) result.push_back({.name = name});
    return result;
}

deletable_topic_result remove(draft& into, const delete_topic_state& asked) {
    deletable_topic_result answer{.name = asked.name, .topic_id = asked.topic_id};
    const metadata::topic* found =
        asked.name ? into.image().find_topic(*asked.name) : into.image().find_topic(asked.topic_id);
    if (!into.settings().delete_topic_enable) {
        answer.error_code = kafka::to_wire(error_code::topic_deletion_disabled);
    } else if (found == nullptr) {
        answer.error_code = kafka::to_wire(asked.name ? error_code::unknown_topic_or_partition
                                                      : error_code::unknown_topic_id);
    } else {
        answer.name = found->name;
        answer.topic_id = found->id;
        into.append(messages::remove_topic_record{.topic_id = found->id});
    }
    return answer;
}

}  // namespace

messages::delete_topics_response delete_topics(draft& into,
                                               const messages::delete_topics_request& request) {
    messages::delete_topics_response response;
    for (const delete_topic_state& asked : topics_of(request))
        response.responses.push_back(remove(into, asked));
    return response;
}

}  // namespace verdikt::broker::controller
