/// The node among others: the quorum, its controller, replication.
#include "broker/server/broker_keys.h"
#include "broker/server/config_bounds.h"
#include "broker/server/config_choices.h"

#include <array>

namespace verdikt::broker::server {

namespace {

constexpr config_key milliseconds_key(std::string_view name,
                                      std::string_view fallback,
                                      std::string_view meaning) {
    return {.name = name,
            .type = config_type::int32,
            .unit = "ms",
            .fallback = fallback,
            .min = 1,
            .max = int32_max,
            .meaning = meaning};
}

constexpr std::array declared_cluster_keys{
    config_key{.name = "process.roles",
               .type = config_type::list,
               .fallback = "broker,controller",
               .choices = process_roles,
               .meaning = "What this node is. A controller is one of controller.quorum.voters."},
    config_key{.name = "controller.quorum.voters",
               .type = config_type::list,
               .meaning = "The controllers of the cluster, as ID@HOST:PORT of their controller "
                          "listeners. Empty: this node alone."},
    config_key{.name = "controller.listener.names",
               .type = config_type::list,
               .fallback = "CONTROLLER",
               .meaning = "Listeners for the other nodes' quorum and controller requests. Clients "
                          "are not served there."},
    config_key{.name = "inter.broker.listener.name",
               .meaning = "The listener that other brokers use. Empty: the first of listeners that "
                          "is not a controller's."},
    config_key{
        .name = "broker.rack",
        .meaning = "Where the broker stands. Replicas are spread over racks. Empty: unknown."},
    milliseconds_key("broker.heartbeat.interval.ms",
                     "2000",
                     "Time between a broker's heartbeats to the controller."),
    milliseconds_key("broker.session.timeout.ms",
                     "9000",
                     "A broker that the controller has not heard of for so long is fenced."),
    milliseconds_key(
        "controller.quorum.election.timeout.ms",
        "1000",
        "Without a leader for so long, and at most twice that, a controller stands for "
        "election."),
    milliseconds_key("controller.quorum.fetch.timeout.ms",
                     "2000",
                     "A leader that a controller could not fetch from for so long is given up, and "
                     "one that a majority has not fetched from for 1.5 times as long resigns."),
    milliseconds_key("controller.quorum.election.backoff.max.ms",
                     "1000",
                     "The longest pause after an election that nobody won."),
    milliseconds_key("controller.quorum.request.timeout.ms",
                     "2000",
                     "A request of the quorum without an answer is sent again after so long."),
    config_key{.name = "metadata.log.dir",
               .meaning = "Where the metadata log lies. Empty: in the first of log.dirs."},
    config_key{.name = "metadata.log.max.record.bytes.between.snapshots",
               .type = config_type::int64,
               .unit = "bytes",
               .fallback = "20971520",
               .min = 1,
               .meaning = "A new snapshot of the metadata is written after so much log."},
    milliseconds_key("replica.lag.time.max.ms",
                     "30000",
                     "A follower that has not caught up for so long leaves the in-sync replicas."),
    milliseconds_key("replica.fetch.wait.max.ms",
                     "500",
                     "How long a leader may keep a follower's fetch while nothing is new."),
    config_key{.name = "replica.fetch.max.bytes",
               .type = config_type::int32,
               .unit = "bytes",
               .fallback = "1048576",
               .min = 1,
               .max = int32_max,
               .meaning = "What a follower asks for of one partition at a time."},
    config_key{.name = "replica.fetch.response.max.bytes",
               .type = config_type::int32,
               .unit = "bytes",
               .fallback = "10485760",
               .min = 1,
               .max = int32_max,
               .meaning = "What a follower asks for at a time."},
    milliseconds_key("replica.fetch.backoff.ms",
                     "1000",
                     "Pause of a follower after a partition's fetch failed."),
    milliseconds_key("replica.high.watermark.checkpoint.interval.ms",
                     "5000",
                     "Time between two checkpoints of the high watermarks."),
    config_key{.name = "auto.leader.rebalance.enable",
               .type = config_type::boolean,
               .fallback = "true",
               .meaning = "Whether the controller gives leaderships back to preferred replicas."},
    config_key{.name = "leader.imbalance.check.interval.seconds",
               .type = config_type::int32,
               .unit = "s",
               .fallback = "300",
               .min = 1,
               .max = int32_max,
               .meaning = "Time between two looks at who leads what."},
    config_key{.name = "leader.imbalance.per.broker.percentage",
               .type = config_type::int32,
               .unit = "%",
               .fallback = "10",
               .min = 0,
               .max = 100,
               .meaning = "Partitions that a broker may lead out of turn before that is mended."},
    config_key{.name = "controlled.shutdown.enable",
               .type = config_type::boolean,
               .fallback = "true",
               .meaning = "Whether a broker moves its leaderships away before it stops."},
};

}  // namespace

std::span<const config_key> cluster_keys() {
    return declared_cluster_keys;
}

}  // namespace verdikt::broker::server
