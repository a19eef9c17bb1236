/// What is known of one partition besides its keys, asked by line, by offset or by age.
#pragma once

#include "checker/compaction/highest_before.h"
#include "checker/compaction/recording.h"

#include <cstdint>
#include <span>
#include <vector>

namespace verdikt::checker::compaction {

struct partition_marks {
    /// By the line on which a deletion began: up to where it may have deleted.
    highest_before deleting = {};
    /// By the line on which a deletion, or a full read, ended: where the log was told to begin.
    highest_before deleted_start = {};
    highest_before read_start = {};
    /// By the line on which a full read began, turned round: how far it looked.
    highest_before read_end = {};
    /// How far each full read looked, sorted.
    std::vector<std::int64_t> ends = {};
    /// Where old records are deleted: those whose offset is known, by it.
    std::vector<std::uint32_t> by_offset = {};
    /// Of each of those and all below it: when the last began to be sent.
    std::vector<std::int64_t> last_begun_at = {};

    /// Full reads that looked further than that offset.
    [[nodiscard]] std::size_t scans_beyond(std::int64_t offset) const;
    /// Of `by_offset` those from `offset` on, without the first that are as old as `age` at `time`.
    [[nodiscard]] std::span<const std::uint32_t> not_older(const recording& history,
                                                           std::int64_t offset,
                                                           std::int64_t age,
                                                           std::int64_t time) const;
};

/// By partition.
[[nodiscard]] std::vector<partition_marks> marks_of_partitions(const recording& history);

}  // namespace verdikt::checker::compaction
