/// What topics and brokers there are, and who has which part in them.
#include "client/admin.h"
#include "client/admin_core.h"
#include "kafka/messages/describe_topic_partitions.h"
#include "kafka/messages/metadata.h"

#include <algorithm>

namespace verdikt::client {

namespace {

using namespace kafka::messages;
using topics_described = outcomes<std::string, topic_description>;

metadata_request ask_for(const std::set<std::string>& names) {
    metadata_request request;
    request.allow_auto_topic_creation = false;
    for (const std::string& name : names) request.topics->emplace_back().name = name;
    return request;
}

topic_description to_description(const metadata_response::metadata_response_topic& from) {
    topic_description topic{.name = from.name.value_or(""),
                            .id = from.topic_id,
                            .internal = from.is_internal,
                            .partitions = {}};
    for (const auto& each : from.partitions) {
        topic.partitions.push_back({.index = each.partition_index,
                                    .leader = each.leader_id,
                                    .leader_epoch = each.leader_epoch,
                                    .replicas = each.replica_nodes,
                                    .isr = each.isr_nodes,
                                    .offline_replicas = each.offline_replicas});
    }
    std::ranges::sort(topic.partitions, {}, &partition_description::index);
    return topic;
}

topic_description to_description(
    const describe_topic_partitions_response::describe_topic_partitions_response_topic& from) {
    topic_description topic{.name = from.name.value_or(""),
                            .id = from.topic_id,
                            .internal = from.is_internal,
                            .partitions = {}};
    for (const auto& each : from.partitions) {
        topic.partitions.push_back({.index = each.partition_index,
                                    .leader = each.leader_id,
                                    .leader_epoch = each.leader_epoch,
                                    .replicas = each.replica_nodes,
                                    .isr = each.isr_nodes,
                                    .offline_replicas = each.offline_replicas,
                                    .eligible_leader_replicas = each.eligible_leader_replicas,
                                    .last_known_eligible = each.last_known_elr});
    }
    return topic;
}

/// A topic goes on where the page before it ended.
void add_page(const describe_topic_partitions_response& page, topics_described& all) {
    for (const auto& each : page.topics) {
        const std::string name = each.name.value_or("");
        const auto code = kafka::to_error_code(each.error_code);
        if (code != kafka::error_code::none) {
            all.insert_or_assign(name, failure(code));
            continue;
        }
        topic_description told = to_description(each);
        const auto found = all.find(name);
        if (found == all.end() || !found->second) {
            all.insert_or_assign(name, std::move(told));
        } else {
            auto& known = found->second->partitions;
            known.insert(known.end(), told.partitions.begin(), told.partitions.end());
        }
    }
}

runtime::awaitable<result<topics_described>> describe_by_page(admin_core& core,
                                                              std::set<std::string> names) {
    describe_topic_partitions_request request;
    for (const std::string& name : names) request.topics.push_back({.name = name});
    topics_described all;
    for (;;) {
        const auto page = co_await core.ask<describe_topic_partitions_response>(
            purpose::question, request, always_stands);
        if (!page) co_return std::unexpected(page.error());
        add_page(*page, all);
        if (!page->next_cursor) break;
        if (page->next_cursor == request.cursor) {
            co_return failure(errc::malformed_answer, "a page leads to itself");
        }
        request.cursor = page->next_cursor;
    }
    for (auto& [name, topic] : all) {
        if (topic) std::ranges::sort(topic->partitions, {}, &partition_description::index);
    }
    co_return all;
}

runtime::awaitable<result<topics_described>> describe_by_metadata(admin_core& core,
                                                                  std::set<std::string> names) {
    const auto answer =
        co_await core.ask<metadata_response>(purpose::question, ask_for(names), always_stands);
    if (!answer) co_return std::unexpected(answer.error());
    topics_described all;
    for (const auto& each : answer->topics) {
        const auto code = kafka::to_error_code(each.error_code);
        if (code == kafka::error_code::none) {
            all.insert_or_assign(each.name.value_or(""), to_description(each));
        } else {
            all.insert_or_assign(each.name.value_or(""), failure(code));
        }
    }
    co_return all;
}

}  // namespace

/// Brokers before Kafka 3.7 know of no eligible leaders, and only Metadata describes topics there.
admin::reply<topics_described> admin::describe_topics(std::set<std::string> names) {
    if (names.empty()) co_return topics_described();
    auto described = co_await describe_by_page(*core_, names);
    const bool too_old = !described && described.error().reason == errc::unsupported_version;
    if (too_old) described = co_await describe_by_metadata(*core_, std::move(names));
    co_return described;
}

/// From metadata, which every broker has: DescribeCluster (KIP-700) is missing in many.
admin::reply<cluster_description> admin::describe_cluster() {
    const auto answer =
        co_await core_->ask<metadata_response>(purpose::question, ask_for({}), always_stands);
    if (!answer) co_return std::unexpected(answer.error());
    cluster_description cluster{.cluster_id = answer->cluster_id.value_or(""),
                                .controller = answer->controller_id,
                                .brokers = {}};
    for (const auto& each : answer->brokers) {
        cluster.brokers.push_back(
            {.id = each.node_id, .host = each.host, .port = each.port, .rack = each.rack});
    }
    std::ranges::sort(cluster.brokers, {}, &broker_description::id);
    co_return cluster;
}

}  // namespace verdikt::client
