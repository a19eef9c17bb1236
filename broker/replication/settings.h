/// The settings of a partition's replication, under the names of their configuration keys.
#pragma once

#include "broker/replication/log_view.h"
#include "kafka/types.h"

#include <chrono>

namespace verdikt::broker::replication {

using std::chrono::milliseconds;

struct replica_settings {
    milliseconds replica_lag_time_max{30'000};
    int min_insync_replicas = 1;
    /// flush.messages=1: what is not on stable storage counts for nothing, neither here nor in what
    /// a follower tells its leader. Off, a written record counts (Kafka's page-cache mode).
    bool durable = true;
    /// Between attempts to reach the controller, and after it refused.
    milliseconds alter_partition_backoff{100};
    milliseconds replica_fetch_backoff{1'000};
    /// Where a new leader does not know yet that it is one.
    milliseconds leader_change_backoff{50};

    /// How far the replica may say that it has the log.
    [[nodiscard]] kafka::offset held_end(const log_view& log) const {
        return durable ? log.durable_end() : log.end();
    }
};

}  // namespace verdikt::broker::replication
