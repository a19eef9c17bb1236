/// What the metadata log says of one partition and of the brokers that hold it.
///
/// Plain data. Metadata is applied forward only: a leader change raises the leader epoch, and every
/// change of the partition raises the partition epoch.
#pragma once

#include "kafka/types.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

namespace verdikt::broker::replication {

using kafka::broker_epoch;
using kafka::no_broker_epoch;
using kafka::partition_epoch;

inline constexpr kafka::node_id no_leader = kafka::no_node;

/// Kafka's LeaderRecoveryState: a leader that was elected uncleanly starts as `recovering`.
enum class recovery_state : std::int8_t { recovered = 0, recovering = 1 };

struct partition_state {
    std::vector<kafka::node_id> replicas = {};
    std::set<kafka::node_id> isr = {};
    kafka::node_id leader = no_leader;
    kafka::leader_epoch leader_epoch = kafka::no_leader_epoch;
    partition_epoch epoch{-1};
    recovery_state recovery = recovery_state::recovered;

    [[nodiscard]] bool has_replica(kafka::node_id node) const {
        return std::ranges::find(replicas, node) != replicas.end();
    }
    bool operator==(const partition_state&) const = default;
};

/// A broker as it is registered.
struct broker_standing {
    broker_epoch epoch = no_broker_epoch;
    bool fenced = false;
    bool shutting_down = false;

    bool operator==(const broker_standing&) const = default;
};

using broker_standings = std::map<kafka::node_id, broker_standing>;

}  // namespace verdikt::broker::replication
