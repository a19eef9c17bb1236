/// Who leads partitions, and where their replicas live.
#include "client/admin.h"
#include "client/admin_core.h"
#include "kafka/messages/alter_partition_reassignments.h"
#include "kafka/messages/elect_leaders.h"
#include "kafka/messages/list_partition_reassignments.h"

namespace verdikt::client {

namespace {

using namespace kafka::messages;

topic_partition key_of(const std::string& topic, std::int32_t partition) {
    return {.topic = topic, .partition = kafka::partition_index(partition)};
}

/// The indexes of partitions by topic, as several requests want them.
std::map<std::string, std::vector<std::int32_t>> by_topic(
    const std::set<topic_partition>& partitions) {
    std::map<std::string, std::vector<std::int32_t>> topics;
    for (const auto& [topic, partition] : partitions) topics[topic].push_back(partition.value());
    return topics;
}

/// For answers with one code for the whole.
constexpr auto told_code = [](const auto& told) { return kafka::to_error_code(told.error_code); };

}  // namespace

admin::reply<outcomes<topic_partition>> admin::elect_leaders(
    election_type type, std::optional<std::set<topic_partition>> partitions) {
    elect_leaders_request request;
    request.election_type = static_cast<std::int8_t>(type);
    request.timeout_ms = core_->timeout_ms();
    if (partitions) {
        for (auto& [topic, indexes] : by_topic(*partitions)) {
            request.topic_partitions->push_back({.topic = topic, .partitions = indexes});
        }
    } else {
        request.topic_partitions = std::nullopt;
    }
    const auto answer =
        co_await core_->ask<elect_leaders_response>(purpose::change, std::move(request), told_code);
    if (!answer) co_return std::unexpected(answer.error());
    outcomes<topic_partition> all;
    for (const auto& topic : answer->replica_election_results) {
        for (const auto& each : topic.partition_result) {
            all[key_of(topic.topic, each.partition_id)] =
                outcome_of(each.error_code, each.error_message);
        }
    }
    co_return all;
}

admin::reply<outcomes<topic_partition>> admin::alter_partition_reassignments(
    std::map<topic_partition, std::optional<std::vector<std::int32_t>>> moves) {
    alter_partition_reassignments_request request;
    request.timeout_ms = core_->timeout_ms();
    for (const auto& [which, replicas] : moves) {
        if (request.topics.empty() || request.topics.back().name != which.topic) {
            request.topics.push_back({.name = which.topic, .partitions = {}});
        }
        request.topics.back().partitions.push_back(
            {.partition_index = which.partition.value(), .replicas = replicas});
    }
    const auto answer = co_await core_->ask<alter_partition_reassignments_response>(
        purpose::change, std::move(request), told_code);
    if (!answer) co_return std::unexpected(answer.error());
    outcomes<topic_partition> all;
    for (const auto& topic : answer->responses) {
        for (const auto& each : topic.partitions) {
            all[key_of(topic.name, each.partition_index)] =
                outcome_of(each.error_code, each.error_message);
        }
    }
    co_return all;
}

admin::reply<std::map<topic_partition, reassignment>> admin::list_partition_reassignments(
    std::optional<std::set<topic_partition>> partitions) {
    list_partition_reassignments_request request;
    request.timeout_ms = core_->timeout_ms();
    if (partitions) {
        request.topics.emplace();
        for (auto& [topic, indexes] : by_topic(*partitions)) {
            request.topics->push_back({.name = topic, .partition_indexes = indexes});
        }
    }
    const auto answer = co_await core_->ask<list_partition_reassignments_response>(
        purpose::question, std::move(request), told_code);
    if (!answer) co_return std::unexpected(answer.error());
    std::map<topic_partition, reassignment> moving;
    for (const auto& topic : answer->topics) {
        for (const auto& each : topic.partitions) {
            moving[key_of(topic.name, each.partition_index)] = {.replicas = each.replicas,
                                                                .adding = each.adding_replicas,
                                                                .removing = each.removing_replicas};
        }
    }
    co_return moving;
}

}  // namespace verdikt::client
