#include "broker/controller/host/refusals.h"

namespace verdikt::broker::controller::host {

namespace messages = kafka::messages;
using kafka::error_code;
using kafka::to_wire;

messages::broker_registration_response refusal(const messages::broker_registration_request& /*of*/,
                                               error_code why) {
    return {.error_code = to_wire(why)};
}

messages::unregister_broker_response refusal(const messages::unregister_broker_request& /*of*/,
                                             error_code why) {
    return {.error_code = to_wire(why), .error_message = std::nullopt};
}

messages::broker_heartbeat_response refusal(const messages::broker_heartbeat_request& /*of*/,
                                            error_code why) {
    return {.error_code = to_wire(why)};
}

messages::alter_partition_response refusal(const messages::alter_partition_request& /*of*/,
                                           error_code why) {
    return {.error_code = to_wire(why), .topics = {}};
}

messages::assign_replicas_to_dirs_response refusal(
    const messages::assign_replicas_to_dirs_request& /*of*/, error_code why) {
    return {.error_code = to_wire(why), .directories = {}};
}

messages::allocate_producer_ids_response refusal(
    const messages::allocate_producer_ids_request& /*of*/, error_code why) {
    return {.error_code = to_wire(why)};
}

messages::create_topics_response refusal(const messages::create_topics_request& of,
                                         error_code why) {
    messages::create_topics_response answer;
    for (const auto& topic : of.topics) {
        auto& refused = answer.topics.emplace_back();
        refused.name = topic.name;
        refused.error_code = to_wire(why);
        refused.error_message.reset();
    }
    return answer;
}

messages::create_partitions_response refusal(const messages::create_partitions_request& of,
                                             error_code why) {
    messages::create_partitions_response answer;
    for (const auto& topic : of.topics)
        answer.results.push_back(
            {.name = topic.name, .error_code = to_wire(why), .error_message = std::nullopt});
    return answer;
}

messages::delete_topics_response refusal(const messages::delete_topics_request& of,
                                         error_code why) {
    messages::delete_topics_response answer;
    for (const auto& topic : of.topics) {
        answer.responses.push_back({.name = topic.name,
                                    .topic_id = topic.topic_id,
                                    .error_code = to_wire(why),
                                    .error_message = std::nullopt});
    }
    for (const std::string& name : of.topic_names) {
        answer.responses.push_back({.name = name,
                                    .topic_id = {},
                                    .error_code = to_wire(why),
                                    .error_message = std::nullopt});
    }
    return answer;
}

namespace {

template <typename Response, typename Request>
Response refused_resources(const Request& of, error_code why) {
    Response answer;
    for (const auto& resource : of.resources) {
        answer.responses.push_back({.error_code = to_wire(why),
                                    .error_message = std::nullopt,
                                    .resource_type = resource.resource_type,
                                    .resource_name = resource.resource_name});
    }
    return answer;
}

}  // namespace

messages::incremental_alter_configs_response refusal(
    const messages::incremental_alter_configs_request& of, error_code why) {
    return refused_resources<messages::incremental_alter_configs_response>(of, why);
}

messages::alter_configs_response refusal(const messages::alter_configs_request& of,
                                         error_code why) {
    return refused_resources<messages::alter_configs_response>(of, why);
}

messages::elect_leaders_response refusal(const messages::elect_leaders_request& of,
                                         error_code why) {
    messages::elect_leaders_response answer{.error_code = to_wire(why),
                                            .replica_election_results = {}};
    if (!of.topic_partitions) return answer;
    // The first version has room for errors of partitions only.
    for (const auto& topic : *of.topic_partitions) {
        auto& refused = answer.replica_election_results.emplace_back();
        refused.topic = topic.topic;
        for (const std::int32_t partition : topic.partitions) {
            refused.partition_result.push_back({.partition_id = partition,
                                                .error_code = to_wire(why),
                                                .error_message = std::nullopt});
        }
    }
    return answer;
}

messages::alter_partition_reassignments_response refusal(
    const messages::alter_partition_reassignments_request& /*of*/, error_code why) {
    return {.error_code = to_wire(why), .error_message = std::nullopt, .responses = {}};
}

messages::list_partition_reassignments_response refusal(
    const messages::list_partition_reassignments_request& /*of*/, error_code why) {
    return {.error_code = to_wire(why), .error_message = std::nullopt, .topics = {}};
}

messages::update_features_response refusal(const messages::update_features_request& /*of*/,
                                           error_code why) {
    return {.error_code = to_wire(why), .error_message = std::nullopt, .results = {}};
}

}  // namespace verdikt::broker::controller::host
