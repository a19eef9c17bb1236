#include "workloads/compaction/compaction_options.h"

#include <fmt/format.h>

namespace verdikt::workloads {

std::map<std::string, std::string> compaction_options::compacted_configs() const {
    return {{"cleanup.policy", "compact"},
            {"min.cleanable.dirty.ratio", "0.01"},
            {"delete.retention.ms", fmt::format("{}", tombstones_kept.count())},
            {"segment.bytes", fmt::format("{}", segment_bytes)},
            {"segment.ms", fmt::format("{}", segment_span.count())}};
}

std::map<std::string, std::string> compaction_options::aging_configs() const {
    return {{"cleanup.policy", "delete"},
            {"retention.ms", fmt::format("{}", records_kept.count())},
            {"segment.bytes", fmt::format("{}", segment_bytes)},
            {"segment.ms", fmt::format("{}", segment_span.count())}};
}

}  // namespace verdikt::workloads
