/// Looks offsets up by time or by name (earliest, latest, ...), at the leaders.
#pragma once

#include "client/ask_leaders.h"

#include <cstdint>
#include <map>

namespace verdikt::client {

struct found_offset {
    kafka::offset offset = kafka::no_offset;  ///< -1: no record at or after the time.
    kafka::timestamp time = kafka::no_timestamp;
    kafka::leader_epoch epoch = kafka::no_leader_epoch;
};

/// The protocol's names for offsets, which stand where a timestamp would.
inline constexpr std::int64_t latest_timestamp = -1;
inline constexpr std::int64_t earliest_timestamp = -2;

runtime::awaitable<partition_outcomes<found_offset>> list_offsets(
    cluster& within,
    std::map<topic_partition, std::int64_t> timestamps,
    bool read_committed,
    runtime::instant deadline);

}  // namespace verdikt::client
