/// What a controller is set up with. Names and defaults are Kafka's where Kafka has them.
#pragma once

#include "broker/metadata/cluster.h"
#include "runtime/clock.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace verdikt::broker::controller {

/// Levels that this program can work with, and the one that a new cluster starts at.
struct supported_feature {
    metadata::level_range levels;
    std::int16_t initial = 0;
};

struct controller_settings {
    std::string cluster_id;
    /// broker.session.timeout.ms: a broker not heard of for so long is fenced.
    runtime::duration session_timeout = std::chrono::seconds(9);
    /// How long a broker has left to be heard of once its connection broke: a process that died is
    /// noticed sooner than one that hangs.
    runtime::duration lost_connection_grace = std::chrono::milliseconds(500);
    std::int32_t num_partitions = 1;
    std::int32_t default_replication_factor = 1;
    /// min.insync.replicas, for a cluster that starts. Once it runs, the metadata log has the
    /// value, so that all leaders and the controller have the same.
    std::int64_t min_insync_replicas = 1;
    bool unclean_leader_election_enable = false;
    bool delete_topic_enable = true;
    bool auto_leader_rebalance_enable = true;
    runtime::duration leader_imbalance_check_interval = std::chrono::seconds(300);
    std::int32_t leader_imbalance_per_broker_percentage = 10;
    /// Whether, when nobody is known to be complete, whoever led last may lead again (KIP-966). In
    /// durable mode that loses nothing; where the page cache counts, it may lose what was not
    /// synced.
    bool last_known_leader_election = true;
    std::map<std::string, supported_feature, std::less<>> features;
};

/// Bound what one request can make.
inline constexpr std::int32_t topic_partitions_max = 10'000;
inline constexpr std::size_t partitions_per_request_max = 10'000;
inline constexpr std::int32_t producer_id_block_size = 1'000;

}  // namespace verdikt::broker::controller
