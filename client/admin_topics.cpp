#include "client/admin.h"
#include "client/admin_core.h"
#include "kafka/messages/create_partitions.h"
#include "kafka/messages/create_topics.h"
#include "kafka/messages/delete_topics.h"
#include "kafka/messages/metadata.h"

namespace verdikt::client {

namespace {

using namespace kafka::messages;

/// The controller has moved on if it says so for the first item: it then did none of them.
template <typename Items>
kafka::error_code unless_not_controller(const Items& items) {
    if (items.empty()) return kafka::error_code::none;
    const auto code = kafka::to_error_code(items.front().error_code);
    return code == kafka::error_code::not_controller ? code : kafka::error_code::none;
}

create_topics_request::creatable_topic to_message(const new_topic& from) {
    create_topics_request::creatable_topic topic{.name = from.name,
                                                 .num_partitions = from.partitions,
                                                 .replication_factor = from.replication_factor,
                                                 .assignments = {},
                                                 .configs = {}};
    for (const auto& [index, brokers] : from.replica_assignment) {
        topic.assignments.push_back({.partition_index = index, .broker_ids = brokers});
    }
    for (const auto& [name, value] : from.configs) {
        topic.configs.push_back({.name = name, .value = value});
    }
    // With an assignment, the counts follow from it and must not be given.
    if (!topic.assignments.empty()) topic.num_partitions = topic.replication_factor = -1;
    return topic;
}

}  // namespace

admin::reply<outcomes<std::string>> admin::create_topics(std::vector<new_topic> topics,
                                                         bool validate_only) {
    create_topics_request request;
    request.timeout_ms = core_->timeout_ms();
    request.validate_only = validate_only;
    for (const new_topic& each : topics) request.topics.push_back(to_message(each));
    const auto answer = co_await core_->ask<create_topics_response>(
        purpose::change, std::move(request), [](const create_topics_response& told) {
            return unless_not_controller(told.topics);
        });
    if (!answer) co_return std::unexpected(answer.error());
    outcomes<std::string> all;
    for (const auto& each : answer->topics) {
        all[each.name] = outcome_of(each.error_code, each.error_message);
    }
    co_return all;
}

admin::reply<outcomes<std::string>> admin::delete_topics(std::set<std::string> names) {
    delete_topics_request request;
    request.timeout_ms = core_->timeout_ms();
    request.topic_names.assign(names.begin(), names.end());
    const auto answer = co_await core_->ask<delete_topics_response>(
        purpose::change, std::move(request), [](const delete_topics_response& told) {
            return unless_not_controller(told.responses);
        });
    if (!answer) co_return std::unexpected(answer.error());
    outcomes<std::string> all;
    for (const auto& each : answer->responses) {
        all[each.name.value_or("")] = outcome_of(each.error_code, each.error_message);
    }
    co_return all;
}

admin::reply<outcomes<std::string>> admin::create_partitions(
    std::map<std::string, std::int32_t> counts) {
    create_partitions_request request;
    request.timeout_ms = core_->timeout_ms();
    for (const auto& [name, count] : counts) {
        request.topics.push_back({.name = name, .count = count, .assignments = std::nullopt});
    }
    const auto answer = co_await core_->ask<create_partitions_response>(
        purpose::change, std::move(request), [](const create_partitions_response& told) {
            return unless_not_controller(told.results);
        });
    if (!answer) co_return std::unexpected(answer.error());
    outcomes<std::string> all;
    for (const auto& each : answer->results) {
        all[each.name] = outcome_of(each.error_code, each.error_message);
    }
    co_return all;
}

admin::reply<std::set<std::string>> admin::list_topics(bool include_internal) {
    metadata_request request;
    request.allow_auto_topic_creation = false;
    request.topics = std::nullopt;
    const auto answer = co_await core_->ask<metadata_response>(
        purpose::question, std::move(request), always_stands);
    if (!answer) co_return std::unexpected(answer.error());
    std::set<std::string> names;
    for (const auto& each : answer->topics) {
        if (each.name && (include_internal || !each.is_internal)) names.insert(*each.name);
    }
    co_return names;
}

}  // namespace verdikt::client
