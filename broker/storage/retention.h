/// How many of a log's oldest segments are due to go, by age, by size, by the log start.
///
/// Pure. Nothing above the high watermark is ever due (KAFKA-1489): it may not be committed yet.
#pragma once

#include "broker/storage/log_config.h"
#include "kafka/types.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace verdikt::broker::storage {

struct segment_age {
    kafka::offset end;  ///< One past its last offset.
    std::uint64_t size = 0;
    /// -1 if no record in it has one; such a segment never gets too old.
    kafka::timestamp max_timestamp = kafka::no_timestamp;
};

struct retention_question {
    std::span<const segment_age> segments;  ///< Oldest first, the one that grows last.
    kafka::offset high_watermark;
    kafka::timestamp now;
};

/// May count the last segment too: the log then rolls before it deletes.
[[nodiscard]] std::size_t segments_due(const retention_question& log, const log_config& config);

}  // namespace verdikt::broker::storage
