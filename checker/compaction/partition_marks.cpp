#include "checker/compaction/partition_marks.h"

#include "checker/history/time_max.h"

#include <algorithm>
#include <utility>

namespace verdikt::checker::compaction {

namespace {

void add_scans(const recording& history, std::vector<partition_marks>& all) {
    for (std::uint32_t at = 0; at < history.scans().size(); ++at) {
        const scan& each = history.scans()[at];
        partition_marks& here = all[each.partition];
        here.read_start.add({each.when.ended, each.start, at});
        here.read_end.add({-std::int64_t{each.when.begun}, each.end, at});
        here.ends.push_back(each.end);
    }
}

void add_deletions(const recording& history, std::vector<partition_marks>& all) {
    for (std::uint32_t at = 0; at < history.deletions().size(); ++at) {
        const deletion& each = history.deletions()[at];
        partition_marks& here = all[each.partition];
        here.deleting.add({each.when.begun, each.before, at});
        here.deleted_start.add({each.when.ended, each.start, at});
    }
}

void add_records(const recording& history, std::vector<partition_marks>& all) {
    for (std::uint32_t each = 0; each < history.records().size(); ++each) {
        const record& one = history.records()[each];
        const std::uint32_t partition = history.partition_of(one);
        const bool ages = history.rules()[partition].cleanup == policy::deleted;
        if (ages && one.offset != unknown_offset) all[partition].by_offset.push_back(each);
    }
}

void sort(const recording& history, partition_marks& here) {
    for (highest_before* const each :
         {&here.deleting, &here.deleted_start, &here.read_start, &here.read_end}) {
        each->sort();
    }
    std::ranges::sort(here.ends);
    const auto& records = history.records();
    std::ranges::sort(here.by_offset, {}, [&](std::uint32_t each) {
        return std::pair(records[each].offset, each);
    });
    std::int64_t last = -history::time_max;
    here.last_begun_at.reserve(here.by_offset.size());
    for (const std::uint32_t each : here.by_offset) {
        if (records[each].was_sent) last = std::max(last, records[each].begun_at);
        here.last_begun_at.push_back(last);
    }
}

}  // namespace

std::size_t partition_marks::scans_beyond(std::int64_t offset) const {
    return static_cast<std::size_t>(ends.end() - std::ranges::upper_bound(ends, offset));
}

std::span<const std::uint32_t> partition_marks::not_older(const recording& history,
                                                          std::int64_t offset,
                                                          std::int64_t age,
                                                          std::int64_t time) const {
    const auto first = std::ranges::lower_bound(
        by_offset, offset, {}, [&](std::uint32_t each) { return history.records()[each].offset; });
    const auto young = std::ranges::partition_point(
        last_begun_at, [&](std::int64_t begun_at) { return time - begun_at >= age; });
    const auto from = std::max(first - by_offset.begin(), young - last_begun_at.begin());
    return std::span(by_offset).subspan(static_cast<std::size_t>(from));
}

std::vector<partition_marks> marks_of_partitions(const recording& history) {
    std::vector<partition_marks> all(history.rules().size());
    add_scans(history, all);
    add_deletions(history, all);
    add_records(history, all);
    for (partition_marks& here : all) sort(history, here);
    return all;
}

}  // namespace verdikt::checker::compaction
