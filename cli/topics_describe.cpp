#include "cli/topic_pattern.h"
#include "cli/topics.h"
#include "runtime/parse_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

namespace verdikt::cli {

namespace {

using moves = std::map<kafka::topic_partition, client::reassignment>;

/// What the partitions of a topic are judged by.
struct surroundings {
    std::set<std::int32_t> active_brokers;
    moves moving;
    std::int64_t min_isr = 1;
};

std::string overrides(const std::vector<client::config_entry>& entries) {
    constexpr std::int8_t topic_source = 1;
    std::vector<std::string> items;
    for (const client::config_entry& entry : entries) {
        if (entry.source != topic_source) continue;
        items.push_back(fmt::format("{}={}", entry.name, entry.value.value_or("null")));
    }
    return fmt::format("{}", fmt::join(items, ","));
}

std::int64_t min_isr_of(const std::vector<client::config_entry>& entries) {
    const auto found =
        std::ranges::find(entries, "min.insync.replicas", &client::config_entry::name);
    if (found == entries.end()) return 1;
    return runtime::parse_number<std::int64_t>(found->value.value_or("")).value_or(1);
}

const client::reassignment* move_of(const moves& moving,
                                    const std::string& topic,
                                    const client::partition_description& partition) {
    const auto found =
        moving.find({.topic = topic, .partition = kafka::partition_index(partition.index)});
    return found == moving.end() ? nullptr : &found->second;
}

/// Replicas that are only just being added need not be in sync yet.
std::size_t replicas_expected(const client::partition_description& partition,
                              const client::reassignment* move) {
    return partition.replicas.size() - (move == nullptr ? 0 : move->adding.size());
}

bool is_wanted(const std::string& topic,
               const client::partition_description& partition,
               const surroundings& around,
               const topics_options& options) {
    const auto in_sync = static_cast<std::int64_t>(partition.isr.size());
    if (options.under_replicated) {
        const auto* const move = move_of(around.moving, topic, partition);
        return partition.isr.size() < replicas_expected(partition, move);
    }
    if (options.unavailable) return !around.active_brokers.contains(partition.leader);
    if (options.under_min_isr) return in_sync < around.min_isr;
    if (options.at_min_isr) return in_sync == around.min_isr;
    return true;
}

std::string ids_or_unknown(const std::optional<std::vector<std::int32_t>>& ids) {
    return ids ? fmt::format("{}", fmt::join(*ids, ",")) : "N/A";
}

void print_partition(const std::string& topic,
                     const client::partition_description& partition,
                     const client::reassignment* move) {
    fmt::print("\tTopic: {}\tPartition: {}\tLeader: {}\tReplicas: {}\tIsr: {}",
               topic,
               partition.index,
               partition.leader < 0 ? "none" : std::to_string(partition.leader),
               fmt::join(partition.replicas, ","),
               fmt::join(partition.isr, ","));
    if (move != nullptr) {
        fmt::print("\tAdding Replicas: {}\tRemoving Replicas: {}",
                   fmt::join(move->adding, ","),
                   fmt::join(move->removing, ","));
    }
    fmt::print("\tElr: {}\tLastKnownElr: {}\n",
               ids_or_unknown(partition.eligible_leader_replicas),
               ids_or_unknown(partition.last_known_eligible));
}

void print_topic(const client::topic_description& topic,
                 const std::string& configs,
                 const surroundings& around,
                 const topics_options& options) {
    if (!options.only_some_partitions()) {
        const std::size_t replicas =
            topic.partitions.empty()
                ? 0
                : replicas_expected(topic.partitions.front(),
                                    move_of(around.moving, topic.name, topic.partitions.front()));
        fmt::print(
            "Topic: {}\tTopicId: {}\tPartitionCount: {}\tReplicationFactor: {}\tConfigs: {}\n",
            topic.name,
            topic.id,
            topic.partitions.size(),
            replicas,
            configs);
    }
    for (const client::partition_description& partition : topic.partitions) {
        if (!is_wanted(topic.name, partition, around, options)) continue;
        print_partition(topic.name, partition, move_of(around.moving, topic.name, partition));
    }
}

runtime::awaitable<surroundings> look_around(client::admin& admin) {
    surroundings around;
    const auto cluster = value_or_fail(co_await admin.describe_cluster(), "describe the cluster");
    for (const auto& each : cluster.brokers) around.active_brokers.insert(each.id);
    auto moving = co_await admin.list_partition_reassignments();
    // Brokers before Kafka 2.4 move nothing by themselves.
    const bool too_old = !moving && moving.error().reason == client::errc::unsupported_version;
    if (!too_old) around.moving = value_or_fail(std::move(moving), "list moves");
    co_return around;
}

}  // namespace

runtime::awaitable<std::set<std::string>> chosen_topics(client::admin& admin,
                                                        const topics_options& options) {
    auto all = value_or_fail(co_await admin.list_topics(!options.exclude_internal), "list topics");
    auto chosen = matching_topics(all, options.topic);
    if (chosen.empty() && !options.topic.empty() && !options.if_exists && !options.list) {
        throw tool_failure(fmt::format("no topic matches '{}'", options.topic));
    }
    co_return chosen;
}

runtime::awaitable<int> describe_topics(client::admin& admin, const topics_options& options) {
    const std::set<std::string> chosen = co_await chosen_topics(admin, options);
    if (chosen.empty()) co_return 0;
    const auto topics = value_or_fail(co_await admin.describe_topics(chosen), "describe topics");
    std::set<client::config_resource> resources;
    for (const std::string& name : chosen) {
        resources.insert({client::config_resource_type::topic, name});
    }
    const auto configs =
        value_or_fail(co_await admin.describe_configs(resources), "describe configurations");
    surroundings around = co_await look_around(admin);
    for (const auto& [name, described] : topics) {
        const auto topic = value_or_fail(described, "describe topic " + name);
        const auto entries = value_or_fail(configs.at({client::config_resource_type::topic, name}),
                                           "configuration of " + name);
        const std::string changed = overrides(entries);
        around.min_isr = min_isr_of(entries);
        if (!options.with_overrides || !changed.empty()) {
            print_topic(topic, changed, around, options);
        }
    }
    co_return 0;
}

}  // namespace verdikt::cli
