/// The settings of the group coordinator, by their names in `server.properties`.
#pragma once

#include "broker/coordinator/group_types.h"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace verdikt::broker::coordinator {

struct coordinator_config {
    std::int32_t offsets_partitions = 50;         ///< offsets.topic.num.partitions
    milliseconds min_session_timeout{6'000};      ///< group.min.session.timeout.ms
    milliseconds max_session_timeout{1'800'000};  ///< group.max.session.timeout.ms
    group_settings groups;  ///< group.initial.rebalance.delay.ms, group.max.size
    std::chrono::minutes offsets_retention{10'080};  ///< offsets.retention.minutes
    milliseconds retention_check_interval{600'000};  ///< offsets.retention.check.interval.ms
    std::size_t metadata_max_bytes = 4'096;          ///< offset.metadata.max.bytes
};

}  // namespace verdikt::broker::coordinator
