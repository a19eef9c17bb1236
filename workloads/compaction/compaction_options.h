/// How the compaction workload is to run.
#pragma once

#include "workloads/load_options.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace verdikt::workloads {

struct compaction_options {
    load_options load = {};
    std::string compacted_topic = "compacted";
    /// Whose old records are deleted. It has half as many partitions.
    std::string aging_topic = "aging";
    std::int64_t keys = 16;  ///< Of a partition.
    double tombstone_chance = 0.25;
    double scan_chance = 0.12;
    double delete_chance = 0.01;
    double crash_chance = 0.003;  ///< That a process crashes instead of its next operation.
    /// Longer than any replica is away, or what was deleted may come back.
    std::chrono::milliseconds tombstones_kept{25'000};
    std::chrono::milliseconds records_kept{15'000};
    /// Small, so that segments are closed, and so become cleanable, all the time.
    std::int64_t segment_bytes = 6'000;
    std::chrono::milliseconds segment_span{2'000};
    std::size_t value_bytes = 120;

    [[nodiscard]] std::int32_t aging_partitions() const { return (load.partitions + 1) / 2; }
    /// Histories count the partitions of both topics on.
    [[nodiscard]] std::int32_t all_partitions() const {
        return load.partitions + aging_partitions();
    }
    [[nodiscard]] bool is_compacted(std::int32_t key) const { return key < load.partitions; }
    [[nodiscard]] std::map<std::string, std::string> compacted_configs() const;
    [[nodiscard]] std::map<std::string, std::string> aging_configs() const;
};

}  // namespace verdikt::workloads
