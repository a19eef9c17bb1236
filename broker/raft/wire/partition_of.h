/// What all messages of the quorum have alike: a list of topics of which one is ours, an error
/// code, a leader and its epoch. Included by this folder's .cpp files only.
#pragma once

#include "broker/raft/messages.h"
#include "broker/raft/wire/topic.h"

#include <optional>

namespace verdikt::broker::raft::wire {

inline constexpr std::int32_t no_node = -1;

/// The only partition of the only topic, if it is ours; nullptr else.
template <typename Topics, typename TopicName, typename PartitionIndex>
const auto* partition_of(const Topics& topics, TopicName name, PartitionIndex index) {
    using partition = std::remove_reference_t<decltype(topics.front().partitions.front())>;
    const bool one = topics.size() == 1 && topics.front().*name == topic_name &&
                     topics.front().partitions.size() == 1 &&
                     topics.front().partitions.front().*index == topic_partition;
    return one ? &topics.front().partitions.front() : static_cast<partition*>(nullptr);
}

inline std::optional<node_id> leader_from(std::int32_t id) {
    return id == no_node ? std::nullopt : std::optional(node_id(id));
}

inline std::int32_t leader_id(const standing& at) {
    return at.leader ? at.leader->value() : no_node;
}

inline standing standing_from(std::int16_t error, std::int32_t leader, std::int32_t epoch) {
    return {.error = static_cast<kafka::error_code>(error),
            .epoch = leader_epoch(epoch),
            .leader = leader_from(leader)};
}

}  // namespace verdikt::broker::raft::wire
