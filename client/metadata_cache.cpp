#include "client/metadata_cache.h"

#include "runtime/check.h"

namespace verdikt::client {

namespace {

using kafka::messages::metadata_response;

partition_metadata to_partition(const metadata_response::metadata_response_partition& from) {
    return {.leader = kafka::node_id(from.leader_id),
            .epoch = kafka::leader_epoch(from.leader_epoch),
            .replicas = from.replica_nodes,
            .isr = from.isr_nodes,
            .offline = from.offline_replicas};
}

bool same_topic(const topic_metadata& known, const kafka::uuid& id) {
    return known.id.is_zero() || id.is_zero() || known.id == id;
}

}  // namespace

void metadata_cache::apply(const metadata_response& answer) {
    if (!answer.brokers.empty()) brokers_.clear();
    for (const auto& each : answer.brokers) {
        brokers_[kafka::node_id(each.node_id)] = {
            .address = {.host = each.host, .port = static_cast<std::uint16_t>(each.port)},
            .rack = each.rack};
    }
    cluster_id_ = answer.cluster_id.value_or(cluster_id_);
    controller_ = kafka::node_id(answer.controller_id);
    for (const auto& topic : answer.topics) {
        if (topic.name) apply_topic(topic);
    }
}

void metadata_cache::apply_topic(const metadata_response::metadata_response_topic& answer) {
    const std::string& name = *answer.name;
    const auto code = kafka::to_error_code(answer.error_code);
    if (code != kafka::error_code::none) {
        faults_[name] = code;
        if (code == kafka::error_code::unknown_topic_or_partition) topics_.erase(name);
        return;
    }
    faults_.erase(name);
    const auto known = topics_.find(name);
    const bool comparable = known != topics_.end() && same_topic(known->second, answer.topic_id);
    topic_metadata fresh{
        .name = name, .id = answer.topic_id, .internal = answer.is_internal, .partitions = {}};
    fresh.partitions.resize(answer.partitions.size());
    for (const auto& partition : answer.partitions) {
        const auto index = static_cast<std::size_t>(partition.partition_index);
        // A hole in the numbering is a broker's bug; we know less then, but nothing false.
        if (partition.partition_index < 0 || index >= fresh.partitions.size()) continue;
        fresh.partitions[index] = to_partition(partition);
        if (!comparable || index >= known->second.partitions.size()) continue;
        const partition_metadata& before = known->second.partitions[index];
        if (before.epoch > fresh.partitions[index].epoch) fresh.partitions[index] = before;
    }
    topics_[name] = std::move(fresh);
}

const topic_metadata* metadata_cache::find(const std::string& topic) const {
    const auto found = topics_.find(topic);
    return found == topics_.end() ? nullptr : &found->second;
}

kafka::error_code metadata_cache::fault_of(const std::string& topic) const {
    const auto found = faults_.find(topic);
    return found == faults_.end() ? kafka::error_code::none : found->second;
}

std::optional<metadata_cache::leadership> metadata_cache::leader_of(
    const kafka::topic_partition& which) const {
    const topic_metadata* const topic = find(which.topic);
    const auto index = static_cast<std::size_t>(which.partition.value());
    if (topic == nullptr || index >= topic->partitions.size()) return std::nullopt;
    const partition_metadata& partition = topic->partitions[index];
    if (partition.leader < kafka::node_id(0)) return std::nullopt;
    return leadership{.leader = partition.leader, .epoch = partition.epoch};
}

void metadata_cache::check_invariants() const {
    for (const auto& [name, topic] : topics_) CHECK(name == topic.name);
}

}  // namespace verdikt::client
