#include "client/admin.h"
#include "client/admin_core.h"
#include "client/group_protocol.h"
#include "client/offset_commits.h"
#include "kafka/messages/consumer_protocol.h"
#include "kafka/messages/delete_groups.h"
#include "kafka/messages/describe_groups.h"
#include "kafka/messages/list_groups.h"
#include "kafka/messages/offset_delete.h"

namespace verdikt::client {

namespace {

using namespace kafka::messages;

group_description to_description(const describe_groups_response::described_group& from,
                                 std::int32_t coordinator) {
    group_description group{.group_id = from.group_id,
                            .state = from.group_state,
                            .protocol_type = from.protocol_type,
                            .protocol = from.protocol_data,
                            .coordinator = coordinator,
                            .members = {}};
    for (const auto& each : from.members) {
        group.members.push_back({.member_id = each.member_id,
                                 .group_instance_id = each.group_instance_id,
                                 .client_id = each.client_id,
                                 .host = each.client_host,
                                 .assignment = {}});
        // What a member of another kind was assigned is its own affair.
        if (from.protocol_type != consumer_protocol_type) continue;
        group.members.back().assignment =
            read_assignment(each.member_assignment).value_or(std::set<topic_partition>());
    }
    return group;
}

}  // namespace

/// Each coordinator knows its own groups only.
admin::reply<std::vector<group_listing>> admin::list_groups() {
    const auto cluster = co_await describe_cluster();
    if (!cluster) co_return std::unexpected(cluster.error());
    std::map<std::string, group_listing> groups;
    for (const broker_description& broker : cluster->brokers) {
        const auto answer = co_await core_->ask_node<list_groups_response>(
            purpose::question,
            kafka::node_id(broker.id),
            list_groups_request(),
            [](const list_groups_response& told) { return kafka::to_error_code(told.error_code); });
        if (!answer) co_return std::unexpected(answer.error());
        for (const auto& each : answer->groups) {
            groups[each.group_id] = {.group_id = each.group_id,
                                     .protocol_type = each.protocol_type,
                                     .state = each.group_state};
        }
    }
    std::vector<group_listing> listed;
    for (auto& [id, group] : groups) listed.push_back(std::move(group));
    co_return listed;
}

admin::reply<outcomes<std::string, group_description>> admin::describe_groups(
    std::set<std::string> ids) {
    outcomes<std::string, group_description> all;
    for (const std::string& id : ids) {
        describe_groups_request request;
        request.groups.push_back(id);
        const auto answer = co_await core_->ask_coordinator<describe_groups_response>(
            purpose::question, id, std::move(request), [](const describe_groups_response& told) {
                return told.groups.empty() ? kafka::error_code::none
                                           : kafka::to_error_code(told.groups.front().error_code);
            });
        if (!answer) {
            all.insert_or_assign(id, std::unexpected(answer.error()));
            continue;
        }
        if (answer->groups.empty()) {
            all.insert_or_assign(id, failure(errc::malformed_answer, "the group is missing"));
            continue;
        }
        const auto coordinator =
            co_await core_->brokers.coordinator(coordinator_kind::group, id, core_->deadline());
        all.insert_or_assign(
            id, to_description(answer->groups.front(), coordinator ? coordinator->value() : -1));
    }
    co_return all;
}

admin::reply<outcomes<std::string>> admin::delete_groups(std::set<std::string> ids) {
    outcomes<std::string> all;
    for (const std::string& id : ids) {
        delete_groups_request request;
        request.groups_names.push_back(id);
        const auto answer = co_await core_->ask_coordinator<delete_groups_response>(
            purpose::change, id, std::move(request), [](const delete_groups_response& told) {
                return told.results.empty() ? kafka::error_code::none
                                            : kafka::to_error_code(told.results.front().error_code);
            });
        all.insert_or_assign(id, answer ? result<void>() : std::unexpected(answer.error()));
    }
    co_return all;
}

admin::reply<std::map<topic_partition, committed_offset>> admin::list_group_offsets(
    std::string group, std::optional<std::set<topic_partition>> partitions) {
    const auto answer = co_await core_->ask_coordinator<offset_fetch_response>(
        purpose::question,
        group,
        make_offset_fetch(group, partitions, false),
        [](const offset_fetch_response& told) { return code_of(told); });
    if (!answer) co_return std::unexpected(answer.error());
    co_return read_offsets(*answer);
}

admin::reply<outcomes<topic_partition>> admin::alter_group_offsets(
    std::string group, std::map<topic_partition, committed_offset> offsets) {
    const auto answer = co_await core_->ask_coordinator<offset_commit_response>(
        purpose::question,  // To commit the same offsets twice is to commit them once.
        group,
        make_offset_commit({.group_id = group}, offsets),
        [](const offset_commit_response& told) { return code_of(told); });
    if (!answer && answer.error().reason != errc::refused_by_broker) {
        co_return std::unexpected(answer.error());
    }
    outcomes<topic_partition> all;
    for (const auto& [where, offset] : offsets) {
        all.insert_or_assign(where, answer ? result<void>() : std::unexpected(answer.error()));
    }
    if (!answer) co_return all;
    for (const auto& topic : answer->topics) {
        for (const auto& each : topic.partitions) {
            all.insert_or_assign(
                {.topic = topic.name, .partition = kafka::partition_index(each.partition_index)},
                outcome_of(each.error_code));
        }
    }
    co_return all;
}

admin::reply<outcomes<topic_partition>> admin::delete_group_offsets(
    std::string group, std::set<topic_partition> partitions) {
    offset_delete_request request;
    request.group_id = group;
    for (const topic_partition& each : partitions) {
        if (request.topics.empty() || request.topics.back().name != each.topic) {
            request.topics.push_back({.name = each.topic, .partitions = {}});
        }
        request.topics.back().partitions.push_back({.partition_index = each.partition.value()});
    }
    const auto answer = co_await core_->ask_coordinator<offset_delete_response>(
        purpose::change, group, std::move(request), [](const offset_delete_response& told) {
            return kafka::to_error_code(told.error_code);
        });
    if (!answer) co_return std::unexpected(answer.error());
    outcomes<topic_partition> all;
    for (const auto& topic : answer->topics) {
        for (const auto& each : topic.partitions) {
            all.insert_or_assign(
                {.topic = topic.name, .partition = kafka::partition_index(each.partition_index)},
                outcome_of(each.error_code));
        }
    }
    co_return all;
}

}  // namespace verdikt::client
