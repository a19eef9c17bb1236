/// Groups, their offsets, and idempotent producers.
#include "broker/server/broker_keys.h"
#include "broker/server/config_bounds.h"
#include "broker/server/config_choices.h"

#include <array>

namespace verdikt::broker::server {

namespace {

constexpr std::array declared_coordinator_keys{
    config_key{
        .name = "group.initial.rebalance.delay.ms",
        .type = config_type::int32,
        .unit = "ms",
        .fallback = "3000",
        .min = 0,
        .max = int32_max,
        .meaning =
            "How long an empty group waits for more members before its first rebalance ends."},
    config_key{.name = "group.min.session.timeout.ms",
               .type = config_type::int32,
               .unit = "ms",
               .fallback = "6000",
               .min = 1,
               .max = int32_max,
               .meaning = "The shortest session timeout that a member may ask for."},
    config_key{.name = "group.max.session.timeout.ms",
               .type = config_type::int32,
               .unit = "ms",
               .fallback = "1800000",
               .min = 1,
               .max = int32_max,
               .meaning = "The longest session timeout that a member may ask for."},
    config_key{.name = "group.max.size",
               .type = config_type::int32,
               .unit = "members",
               .fallback = "2147483647",
               .min = 1,
               .max = int32_max,
               .meaning = "Members of one group."},
    config_key{.name = "offsets.topic.num.partitions",
               .type = config_type::int32,
               .unit = "partitions",
               .fallback = "50",
               .min = 1,
               .max = 10000,
               .meaning = "Partitions of the topic that keeps committed offsets."},
    config_key{.name = "offsets.topic.segment.bytes",
               .type = config_type::int32,
               .unit = "bytes",
               .fallback = "104857600",
               .min = 1,
               .max = int32_max,
               .meaning = "Segment size of the topic that keeps committed offsets."},
    config_key{.name = "offsets.topic.replication.factor",
               .type = config_type::int16,
               .unit = "replicas",
               .min = 1,
               .max = 32767,
               .meaning =
                   "Replicas of the topic that keeps committed offsets. Empty: 3, or 1 where "
                   "controller.quorum.voters names nobody else. (Kafka's default is 3.)"},
    config_key{.name = "offsets.retention.minutes",
               .type = config_type::int32,
               .unit = "min",
               .fallback = "10080",
               .min = 1,
               .max = int32_max,
               .meaning = "How long the offsets of an empty group are kept."},
    config_key{.name = "offsets.retention.check.interval.ms",
               .type = config_type::int64,
               .unit = "ms",
               .fallback = "600000",
               .min = 1,
               .meaning = "Time between two looks for expired offsets."},
    config_key{.name = "offset.metadata.max.bytes",
               .type = config_type::int32,
               .unit = "bytes",
               .fallback = "4096",
               .min = 0,
               .max = int32_max,
               .meaning = "The longest note that may be committed with an offset."},
    config_key{.name = "producer.id.expiration.ms",
               .type = config_type::int32,
               .unit = "ms",
               .fallback = "86400000",
               .min = 1,
               .max = int32_max,
               .meaning = "How long an idle producer's sequence is remembered. After it a late "
                          "retry may be written twice."},
};

}  // namespace

std::span<const config_key> coordinator_keys() {
    return declared_coordinator_keys;
}

}  // namespace verdikt::broker::server
