/// Records of the metadata log about topics and partitions.
#pragma once

#include "kafka/messages/schema.h"
#include "kafka/types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// A new topic, without partitions yet.
struct topic_record {
    static const message_schema schema;

    std::string name;
    uuid topic_id;

    bool operator==(const topic_record&) const = default;
};

/// The topic goes, and its partitions and settings with it.
struct remove_topic_record {
    static const message_schema schema;

    uuid topic_id;

    bool operator==(const remove_topic_record&) const = default;
};

/// All that is known of a partition.
struct partition_record {
    static const message_schema schema;

    std::int32_t partition_id = -1;
    uuid topic_id;
    std::vector<std::int32_t> replicas;
    std::vector<std::int32_t> isr;
    std::vector<std::int32_t> removing_replicas;
    std::vector<std::int32_t> adding_replicas;
    std::int32_t leader = -1;
    std::int32_t leader_epoch = -1;
    std::int32_t partition_epoch = -1;
    std::vector<uuid> directories;
    std::int8_t leader_recovery_state = 0;
    std::optional<std::vector<std::int32_t>> eligible_leader_replicas;
    std::optional<std::vector<std::int32_t>> last_known_elr;

    bool operator==(const partition_record&) const = default;
};

/// What changes in a partition: a field with its default leaves things as they are. The partition
/// epoch rises by one with each; the leader epoch too if `leader` is set.
struct partition_change_record {
    static const message_schema schema;

    std::int32_t partition_id = -1;
    uuid topic_id;
    std::optional<std::vector<std::int32_t>> isr;
    std::int32_t leader = -2;
    std::optional<std::vector<std::int32_t>> replicas;
    std::optional<std::vector<std::int32_t>> removing_replicas;
    std::optional<std::vector<std::int32_t>> adding_replicas;
    std::int8_t leader_recovery_state = -1;
    std::optional<std::vector<std::int32_t>> eligible_leader_replicas;
    std::optional<std::vector<std::int32_t>> last_known_elr;
    std::optional<std::vector<uuid>> directories;

    bool operator==(const partition_change_record&) const = default;
};

}  // namespace verdikt::kafka::messages
