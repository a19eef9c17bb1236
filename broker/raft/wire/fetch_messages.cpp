#include "broker/raft/wire/fetch_messages.h"

#include "broker/raft/wire/batches.h"
#include "broker/raft/wire/partition_of.h"

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::broker::raft::wire {
namespace {

namespace messages = kafka::messages;

/// The partition of a Fetch, whose topic is named by name or by id; nullptr if it is not ours.
template <typename Topics, typename PartitionIndex>
auto fetched_partition(const Topics& topics, PartitionIndex index)
    -> decltype(&topics.front().partitions.front()) {
    if (topics.size() != 1 || topics.front().partitions.size() != 1) return nullptr;
    const auto& topic = topics.front();
    const bool is_ours = topic.topic == topic_name || topic.topic_id == topic_id;
    return is_ours && topic.partitions.front().*index == topic_partition ? &topic.partitions.front()
                                                                         : nullptr;
}

snapshot_id snapshot_from(std::int64_t end, std::int32_t epoch) {
    return {leader_epoch(epoch), offset(end)};
}

payload copy_of(std::span<const std::byte> bytes) {
    return std::make_shared<std::vector<std::byte>>(bytes.begin(), bytes.end());
}

}  // namespace

messages::fetch_request to_wire(const fetch_request& what,
                                const cluster_id& cluster,
                                std::int32_t bytes_max) {
    const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(what.wait_max);
    messages::fetch_request request{.cluster_id = cluster,
                                    .max_wait_ms = static_cast<std::int32_t>(wait.count()),
                                    .max_bytes = bytes_max};
    request.replica_state.replica_id = what.replica.id.value();
    messages::fetch_request::fetch_topic topic{.topic = std::string(topic_name),
                                               .topic_id = topic_id};
    topic.partitions.push_back({.partition = topic_partition,
                                .current_leader_epoch = what.epoch.value(),
                                .fetch_offset = what.from.value(),
                                .last_fetched_epoch = what.last_fetched_epoch.value(),
                                .partition_max_bytes = bytes_max,
                                .replica_directory_id = what.replica.directory});
    request.topics.push_back(std::move(topic));
    return request;
}

std::optional<fetch_request> from_wire(const messages::fetch_request& what) {
    const auto* partition =
        fetched_partition(what.topics, &messages::fetch_request::fetch_partition::partition);
    if (partition == nullptr) return std::nullopt;
    return fetch_request{
        .replica = {node_id(what.replica_state.replica_id), partition->replica_directory_id},
        .epoch = leader_epoch(partition->current_leader_epoch),
        .from = offset(partition->fetch_offset),
        .last_fetched_epoch = leader_epoch(partition->last_fetched_epoch),
        .wait_max = std::chrono::milliseconds(what.max_wait_ms)};
}

messages::fetch_response to_wire(const fetch_answer& what, std::span<const std::byte> records) {
    messages::fetch_response::partition_data partition{
        .partition_index = topic_partition,
        .error_code = static_cast<std::int16_t>(what.at.error),
        .high_watermark = what.high_watermark.value(),
        .log_start_offset = what.log_start.value()};
    partition.current_leader = {leader_id(what.at), what.at.epoch.value()};
    if (what.diverging)
        partition.diverging_epoch = {what.diverging->epoch.value(), what.diverging->end.value()};
    if (what.snapshot)
        partition.snapshot_id = {what.snapshot->end.value(), what.snapshot->epoch.value()};
    partition.records = messages::record_data(records);
    messages::fetch_response response;
    response.responses.push_back({.topic = std::string(topic_name), .topic_id = topic_id});
    response.responses.back().partitions.push_back(std::move(partition));
    return response;
}

std::optional<fetch_answer> from_wire(const messages::fetch_response& what) {
    if (what.error_code != 0)
        return fetch_answer{.at = {.error = static_cast<kafka::error_code>(what.error_code)}};
    const auto* partition = fetched_partition(
        what.responses, &messages::fetch_response::partition_data::partition_index);
    if (partition == nullptr) return std::nullopt;
    const auto& leader = partition->current_leader;
    fetch_answer read{
        .at = standing_from(partition->error_code, leader.leader_id, leader.leader_epoch),
        .high_watermark = offset(partition->high_watermark),
        .log_start = offset(partition->log_start_offset)};
    if (const auto& end = partition->diverging_epoch; end.end_offset >= 0)
        read.diverging = {leader_epoch(end.epoch), offset(end.end_offset)};
    if (const auto& id = partition->snapshot_id; id.end_offset >= 0)
        read.snapshot = snapshot_from(id.end_offset, id.epoch);
    if (partition->records) {
        auto batches = decode_batches(partition->records->bytes());
        if (!batches) return std::nullopt;
        read.batches = *std::move(batches);
    }
    return read;
}

messages::fetch_snapshot_request to_wire(const fetch_snapshot_request& what,
                                         const cluster_id& cluster,
                                         std::int32_t bytes_max) {
    messages::fetch_snapshot_request request{
        .cluster_id = cluster, .replica_id = what.replica.id.value(), .max_bytes = bytes_max};
    messages::fetch_snapshot_request::partition_snapshot partition{
        .partition = topic_partition,
        .current_leader_epoch = what.epoch.value(),
        .position = what.position,
        .replica_directory_id = what.replica.directory};
    partition.snapshot_id = {what.snapshot.end.value(), what.snapshot.epoch.value()};
    request.topics.push_back({.name = std::string(topic_name), .partitions = {}});
    request.topics.back().partitions.push_back(std::move(partition));
    return request;
}

std::optional<fetch_snapshot_request> from_wire(const messages::fetch_snapshot_request& what) {
    using topic = messages::fetch_snapshot_request::topic_snapshot;
    using partition_snapshot = messages::fetch_snapshot_request::partition_snapshot;
    const auto* partition = partition_of(what.topics, &topic::name, &partition_snapshot::partition);
    if (partition == nullptr) return std::nullopt;
    return fetch_snapshot_request{
        .replica = {node_id(what.replica_id), partition->replica_directory_id},
        .epoch = leader_epoch(partition->current_leader_epoch),
        .snapshot = snapshot_from(partition->snapshot_id.end_offset, partition->snapshot_id.epoch),
        .position = partition->position};
}

messages::fetch_snapshot_response to_wire(const fetch_snapshot_answer& what,
                                          std::span<const std::byte> bytes) {
    messages::fetch_snapshot_response::partition_snapshot partition{
        .index = topic_partition,
        .error_code = static_cast<std::int16_t>(what.at.error),
        .size = what.size,
        .position = what.position,
        .unaligned_records = messages::record_data(bytes)};
    partition.snapshot_id = {what.snapshot.end.value(), what.snapshot.epoch.value()};
    partition.current_leader = {leader_id(what.at), what.at.epoch.value()};
    messages::fetch_snapshot_response response;
    response.topics.push_back({.name = std::string(topic_name), .partitions = {}});
    response.topics.back().partitions.push_back(std::move(partition));
    return response;
}

std::optional<fetch_snapshot_answer> from_wire(const messages::fetch_snapshot_response& what) {
    using topic = messages::fetch_snapshot_response::topic_snapshot;
    using partition_snapshot = messages::fetch_snapshot_response::partition_snapshot;
    if (what.error_code != 0) {
        return fetch_snapshot_answer{
            .at = {.error = static_cast<kafka::error_code>(what.error_code)}};
    }
    const auto* partition = partition_of(what.topics, &topic::name, &partition_snapshot::index);
    if (partition == nullptr) return std::nullopt;
    const auto& leader = partition->current_leader;
    return fetch_snapshot_answer{
        .at = standing_from(partition->error_code, leader.leader_id, leader.leader_epoch),
        .snapshot = snapshot_from(partition->snapshot_id.end_offset, partition->snapshot_id.epoch),
        .size = partition->size,
        .position = partition->position,
        .bytes = copy_of(partition->unaligned_records.bytes())};
}

}  // namespace verdikt::broker::raft::wire
