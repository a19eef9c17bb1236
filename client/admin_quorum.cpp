#include "client/admin.h"
#include "client/admin_core.h"
#include "kafka/messages/describe_quorum.h"
#include "kafka/messages/unregister_broker.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::client {

namespace {

using namespace kafka::messages;

using told_partition = describe_quorum_response::partition_data;
using endpoints_by_node = std::map<std::int32_t, std::vector<std::string>>;

const std::string metadata_topic = "__cluster_metadata";

const told_partition* only_partition(const describe_quorum_response& told) {
    if (told.topics.empty() || told.topics.front().partitions.empty()) return nullptr;
    return &told.topics.front().partitions.front();
}

/// Of the answer or, if that has none, of the metadata partition.
kafka::error_code quorum_code_of(const describe_quorum_response& told) {
    const auto code = kafka::to_error_code(told.error_code);
    const told_partition* const partition = only_partition(told);
    if (code != kafka::error_code::none || partition == nullptr) return code;
    return kafka::to_error_code(partition->error_code);
}

endpoints_by_node endpoints_of(const describe_quorum_response& told) {
    endpoints_by_node endpoints;
    for (const auto& node : told.nodes) {
        for (const auto& each : node.listeners) {
            endpoints[node.node_id].push_back(
                fmt::format("{}://{}:{}", each.name, each.host, each.port));
        }
    }
    return endpoints;
}

std::vector<quorum_replica> to_replicas(
    const std::vector<describe_quorum_response::replica_state>& told,
    const endpoints_by_node& endpoints) {
    std::vector<quorum_replica> replicas;
    for (const auto& each : told) {
        const auto found = endpoints.find(each.replica_id);
        replicas.push_back(
            {.node = each.replica_id,
             .directory = each.replica_directory_id,
             .log_end = kafka::offset(each.log_end_offset),
             .last_fetch = kafka::timestamp(each.last_fetch_timestamp),
             .last_caught_up = kafka::timestamp(each.last_caught_up_timestamp),
             .endpoints = found == endpoints.end() ? std::vector<std::string>() : found->second});
    }
    std::ranges::sort(replicas, {}, &quorum_replica::node);
    return replicas;
}

}  // namespace

admin::reply<quorum_description> admin::describe_quorum() {
    describe_quorum_request request;
    request.topics.push_back({.topic_name = metadata_topic, .partitions = {{}}});
    const auto answer = co_await core_->ask<describe_quorum_response>(
        purpose::question, std::move(request), quorum_code_of);
    if (!answer) co_return std::unexpected(answer.error());
    const told_partition* const partition = only_partition(*answer);
    if (partition == nullptr) {
        co_return failure(errc::malformed_answer, "the metadata partition is missing");
    }
    const endpoints_by_node endpoints = endpoints_of(*answer);
    co_return quorum_description{.leader = partition->leader_id,
                                 .leader_epoch = partition->leader_epoch,
                                 .high_watermark = kafka::offset(partition->high_watermark),
                                 .voters = to_replicas(partition->current_voters, endpoints),
                                 .observers = to_replicas(partition->observers, endpoints)};
}

admin::reply<void> admin::unregister_broker(std::int32_t broker) {
    unregister_broker_request request;
    request.broker_id = broker;
    std::optional<std::string> detail;
    const auto answer = co_await core_->ask<unregister_broker_response>(
        purpose::change, request, [&detail](const unregister_broker_response& told) {
            detail = told.error_message;
            return kafka::to_error_code(told.error_code);
        });
    if (answer) co_return result<void>();
    error why = answer.error();
    if (why.reason == errc::refused_by_broker) why.detail = detail.value_or("");
    co_return std::unexpected(std::move(why));
}

}  // namespace verdikt::client
