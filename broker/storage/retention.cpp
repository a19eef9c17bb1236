#include "broker/storage/retention.h"

#include <algorithm>
#include <numeric>

namespace verdikt::broker::storage {

namespace {

bool too_old(const segment_age& segment, kafka::timestamp now, const log_config& config) {
    return config.retention_ms.count() >= 0 && segment.max_timestamp > kafka::no_timestamp &&
           now - segment.max_timestamp > config.retention_ms.count();
}

}  // namespace

std::size_t segments_due(const retention_question& log, const log_config& config) {
    if (!config.cleanup_delete) return 0;
    const auto add = [](std::uint64_t sum, const segment_age& each) { return sum + each.size; };
    std::uint64_t left =
        std::accumulate(log.segments.begin(), log.segments.end(), std::uint64_t{0}, add);
    std::size_t due = 0;
    for (const segment_age& segment : log.segments) {
        const bool empty = segment.size == 0;
        if (empty || segment.end > log.high_watermark) break;
        // The oldest goes only if the limit is still reached without it, as in Kafka.
        const bool too_large =
            config.retention_bytes >= 0 &&
            left - segment.size >= static_cast<std::uint64_t>(config.retention_bytes);
        if (!too_large && !too_old(segment, log.now, config)) break;
        left -= segment.size;
        ++due;
    }
    return due;
}

}  // namespace verdikt::broker::storage
