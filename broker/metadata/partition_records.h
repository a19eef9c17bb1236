/// Partitions and the records that describe them.
#pragma once

#include "broker/metadata/cluster.h"
#include "kafka/messages/metadata_topic_records.h"
#include "kafka/types.h"

namespace verdikt::broker::metadata {

/// Stands in a change record for "as it is".
inline constexpr kafka::node_id leader_unchanged{-2};

[[nodiscard]] partition to_partition(const kafka::messages::partition_record& from);
[[nodiscard]] kafka::messages::partition_record to_record(const topic_partition_id& which,
                                                          const partition& from);

/// What the change makes of the partition: its epoch rises by one, its leader epoch too if the
/// record names a leader, be it the same one.
[[nodiscard]] partition changed_by(const kafka::messages::partition_change_record& change,
                                   partition before);

}  // namespace verdikt::broker::metadata
