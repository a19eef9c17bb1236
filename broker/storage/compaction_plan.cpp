#include "broker/storage/compaction.h"

#include <limits>

namespace verdikt::broker::storage {

namespace {

// Nothing that moved lately, nothing undecided, never the segment that grows.
std::size_t cleanable_count(const cleaning_question& log, const log_config& config) {
    std::size_t count = 0;
    for (const cleanable_segment& segment : log.segments.first(log.segments.size() - 1)) {
        const bool decided = segment.end <= log.last_stable_offset;
        const bool rested = config.min_compaction_lag_ms.count() <= 0 ||
                            segment.max_timestamp == kafka::no_timestamp ||
                            log.now - segment.max_timestamp >= config.min_compaction_lag_ms.count();
        if (!decided || !rested) break;
        ++count;
    }
    return count;
}

}  // namespace

cleaning_plan plan_cleaning(const cleaning_question& log, const log_config& config) {
    cleaning_plan plan;
    if (!config.cleanup_compact || log.segments.empty()) return plan;
    plan.segments = cleanable_count(log, config);
    std::uint64_t clean = 0;
    std::uint64_t dirty = 0;
    bool waited_too_long = false;
    for (const cleanable_segment& segment : log.segments.first(plan.segments)) {
        if (segment.end <= log.first_dirty) {
            clean += segment.size;
            ++plan.first_dirty_segment;
            continue;
        }
        dirty += segment.size;
        waited_too_long |= segment.max_timestamp > kafka::no_timestamp &&
                           log.now - segment.max_timestamp > config.max_compaction_lag_ms.count();
    }
    if (dirty == 0) return plan;
    plan.dirty_ratio = static_cast<double>(dirty) / static_cast<double>(clean + dirty);
    plan.due = plan.dirty_ratio >= config.min_cleanable_dirty_ratio || waited_too_long;
    return plan;
}

std::vector<segment_group> group_segments(std::span<const cleanable_segment> segments,
                                          const log_config& config) {
    std::vector<segment_group> groups;
    std::uint64_t size = 0;
    for (std::size_t at = 0; at < segments.size(); ++at) {
        const cleanable_segment& next = segments[at];
        const bool fits = !groups.empty() &&
                          size + next.size <= static_cast<std::uint64_t>(config.segment_bytes) &&
                          next.end - segments[groups.back().first].base <=
                              std::numeric_limits<std::int32_t>::max();
        if (fits) {
            groups.back().last = at + 1;
            size += next.size;
        } else {
            groups.push_back({.first = at, .last = at + 1});
            size = next.size;
        }
    }
    return groups;
}

}  // namespace verdikt::broker::storage
