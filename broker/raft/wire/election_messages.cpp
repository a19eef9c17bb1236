#include "broker/raft/wire/election_messages.h"

#include "broker/raft/wire/partition_of.h"

#include <string>
#include <utility>

namespace verdikt::broker::raft::wire {
namespace {

namespace messages = kafka::messages;

/// A request or response whose topics are the one partition.
template <typename Message, typename Partition>
Message with_partition(Message message, Partition partition) {
    message.topics.push_back({.topic_name = std::string(topic_name), .partitions = {}});
    message.topics.back().partitions.push_back(std::move(partition));
    return message;
}

template <typename Response, typename Answer>
Response standing_to_wire(const Answer& what) {
    return with_partition(
        Response{},
        typename Response::partition_data{.partition_index = topic_partition,
                                          .error_code = static_cast<std::int16_t>(what.at.error),
                                          .leader_id = leader_id(what.at),
                                          .leader_epoch = what.at.epoch.value()});
}

/// The partition of a request or response; nullptr if it has not exactly ours.
template <typename Message>
const typename Message::partition_data* ours(const Message& what) {
    return partition_of(
        what.topics, &Message::topic_data::topic_name, &Message::partition_data::partition_index);
}

/// What stands for all of the answer: its own error, or that of the partition.
template <typename Response>
std::optional<standing> standing_of(const Response& what) {
    if (what.error_code != 0) return standing{static_cast<kafka::error_code>(what.error_code)};
    const auto* partition = ours(what);
    if (partition == nullptr) return std::nullopt;
    return standing_from(partition->error_code, partition->leader_id, partition->leader_epoch);
}

}  // namespace

messages::vote_request to_wire(const vote_request& what, const cluster_id& cluster) {
    return with_partition(
        messages::vote_request{.cluster_id = cluster, .voter_id = what.voter.id.value()},
        messages::vote_request::partition_data{.partition_index = topic_partition,
                                               .candidate_epoch = what.epoch.value(),
                                               .candidate_id = what.candidate.id.value(),
                                               .candidate_directory_id = what.candidate.directory,
                                               .voter_directory_id = what.voter.directory,
                                               .last_offset_epoch = what.log.epoch.value(),
                                               .last_offset = what.log.end.value(),
                                               .pre_vote = what.pre_vote});
}

messages::begin_quorum_epoch_request to_wire(const begin_epoch_request& what,
                                             const cluster_id& cluster) {
    return with_partition(messages::begin_quorum_epoch_request{.cluster_id = cluster,
                                                               .voter_id = what.voter.id.value()},
                          messages::begin_quorum_epoch_request::partition_data{
                              .partition_index = topic_partition,
                              .voter_directory_id = what.voter.directory,
                              .leader_id = what.leader.value(),
                              .leader_epoch = what.epoch.value()});
}

messages::end_quorum_epoch_request to_wire(const end_epoch_request& what,
                                           const cluster_id& cluster) {
    messages::end_quorum_epoch_request::partition_data partition{
        .partition_index = topic_partition,
        .leader_id = what.leader.value(),
        .leader_epoch = what.epoch.value()};
    for (const replica_key& each : what.successors)
        partition.preferred_candidates.push_back({each.id.value(), each.directory});
    return with_partition(messages::end_quorum_epoch_request{.cluster_id = cluster},
                          std::move(partition));
}

messages::vote_response to_wire(const vote_answer& what) {
    auto response = standing_to_wire<messages::vote_response>(what);
    response.topics[0].partitions[0].vote_granted = what.granted;
    return response;
}

messages::begin_quorum_epoch_response to_wire(const begin_epoch_answer& what) {
    return standing_to_wire<messages::begin_quorum_epoch_response>(what);
}

messages::end_quorum_epoch_response to_wire(const end_epoch_answer& what) {
    return standing_to_wire<messages::end_quorum_epoch_response>(what);
}

std::optional<vote_request> from_wire(const messages::vote_request& what) {
    const auto* partition = ours(what);
    if (partition == nullptr) return std::nullopt;
    return vote_request{
        .epoch = leader_epoch(partition->candidate_epoch),
        .candidate = {node_id(partition->candidate_id), partition->candidate_directory_id},
        .voter = {node_id(what.voter_id), partition->voter_directory_id},
        .log = {leader_epoch(partition->last_offset_epoch), offset(partition->last_offset)},
        .pre_vote = partition->pre_vote};
}

std::optional<begin_epoch_request> from_wire(const messages::begin_quorum_epoch_request& what) {
    const auto* partition = ours(what);
    if (partition == nullptr) return std::nullopt;
    return begin_epoch_request{.epoch = leader_epoch(partition->leader_epoch),
                               .leader = node_id(partition->leader_id),
                               .voter = {node_id(what.voter_id), partition->voter_directory_id}};
}

std::optional<end_epoch_request> from_wire(const messages::end_quorum_epoch_request& what) {
    const auto* partition = ours(what);
    if (partition == nullptr) return std::nullopt;
    end_epoch_request read{.epoch = leader_epoch(partition->leader_epoch),
                           .leader = node_id(partition->leader_id),
                           .successors = {}};
    for (const auto& each : partition->preferred_candidates)
        read.successors.push_back({node_id(each.candidate_id), each.candidate_directory_id});
    return read;
}

std::optional<vote_answer> from_wire(const messages::vote_response& what) {
    const auto at = standing_of(what);
    if (!at) return std::nullopt;
    const auto* partition = ours(what);
    return vote_answer{*at, partition != nullptr && partition->vote_granted};
}

std::optional<begin_epoch_answer> from_wire(const messages::begin_quorum_epoch_response& what) {
    const auto at = standing_of(what);
    if (!at) return std::nullopt;
    return begin_epoch_answer{*at};
}

std::optional<end_epoch_answer> from_wire(const messages::end_quorum_epoch_response& what) {
    const auto at = standing_of(what);
    if (!at) return std::nullopt;
    return end_epoch_answer{*at};
}

}  // namespace verdikt::broker::raft::wire
