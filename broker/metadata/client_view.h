/// What clients are told of the metadata image: brokers, topics, partitions.
///
/// Pure answers for Metadata, DescribeCluster and DescribeTopicPartitions. What a broker alone
/// decides (creating a topic that is asked for, which errors an old version knows) stays with the
/// handlers.
#pragma once

#include "broker/metadata/image.h"
#include "kafka/messages/describe_cluster.h"
#include "kafka/messages/describe_topic_partitions.h"
#include "kafka/messages/metadata.h"
#include "kafka/types.h"

#include <string>
#include <string_view>
#include <vector>

namespace verdikt::broker::metadata {

using told_broker = kafka::messages::metadata_response::metadata_response_broker;
using told_topic = kafka::messages::metadata_response::metadata_response_topic;

/// Those that clients may be sent to, as they are reached through that listener. Fenced ones are
/// left out: what they serve may be outdated, and they do not know it.
[[nodiscard]] std::vector<told_broker> brokers_for(const image& from, std::string_view listener);

/// The topic with all its partitions: LEADER_NOT_AVAILABLE where nobody leads, LISTENER_NOT_FOUND
/// where the leader has no such listener. Replicas that cannot serve are offline.
[[nodiscard]] told_topic topic_for(const image& from,
                                   const topic& which,
                                   std::string_view listener);

/// The most partitions that one answer holds (Kafka's max.request.partition.size.limit).
inline constexpr std::int32_t described_partitions_max = 2'000;

/// A page of partitions with their eligible replicas, topics by name. Asked for no topics, it
/// describes all of them. A cursor with a negative partition is refused with 42 for its topic.
[[nodiscard]] kafka::messages::describe_topic_partitions_response describe_topic_partitions(
    const image& from, const kafka::messages::describe_topic_partitions_request& request);

struct cluster_identity {
    std::string cluster_id;
    /// Who may be asked for what the controller decides: any broker, since all of them forward.
    kafka::node_id controller = kafka::no_node;
};

/// The brokers that clients may be sent to. 115 if it asks for controllers: this is no listener of
/// theirs.
[[nodiscard]] kafka::messages::describe_cluster_response describe_cluster(
    const image& from,
    std::string_view listener,
    const cluster_identity& cluster,
    const kafka::messages::describe_cluster_request& request);

}  // namespace verdikt::broker::metadata
