#include "tests/sim/storage/state_check.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::broker::storage {

namespace {

std::string compare_positions(const naive::log& truth, const stored_log& log) {
    if (truth.segments.empty()) return "no segment on disk";
    for (const naive::segment& each : truth.segments) {
        if (each.rest > 0) {
            return fmt::format("{} bytes behind the last batch of segment {} of {}, log end {}",
                               each.rest,
                               each.base,
                               truth.segments.back().base,
                               log.log_end());
        }
    }
    for (std::size_t at = 1; at < truth.segments.size(); ++at) {
        const naive::segment& before = truth.segments[at - 1];
        const kafka::offset end =
            before.batches.empty() ? before.base : before.batches.back().header.next_offset();
        if (end != truth.segments[at].base) return fmt::format("a gap before {}", end);
    }
    if (log.log_end() != truth.end()) {
        return fmt::format("log end {} is not {}", log.log_end(), truth.end());
    }
    if (log.durable_end() != log.log_end()) return "not all that was recovered is durable";
    if (log.segments().size() != truth.segments.size()) return "another number of segments";
    return {};
}

std::string compare_indexes(const segment& ours,
                            const naive::segment& theirs,
                            const log_config& config,
                            bool sealed) {
    if (ours.base != theirs.base) return "another base offset";
    // Not in memory: it was not rebuilt, and lookups load and check it.
    if (!ours.offsets || !ours.times) return {};
    const auto offsets = naive::offset_entries(theirs, config.index_interval_bytes);
    const bool same_offsets = std::ranges::equal(
        ours.offsets->entries(), offsets, [&](const auto& mine, const auto& other) {
            return ours.base + std::int64_t{mine.relative_offset} == other.first &&
                   mine.position == other.second;
        });
    if (!same_offsets) return fmt::format("another offset index at {}", ours.base);
    const auto times = naive::time_entries(theirs, config.index_interval_bytes, sealed);
    const bool same_times =
        std::ranges::equal(ours.times->entries(), times, [&](const auto& mine, const auto& other) {
            return mine.time == other.first && ours.times->offset_of(mine) == other.second;
        });
    if (!same_times) return fmt::format("another time index at {}", ours.base);
    return {};
}

std::string compare_aborted(const naive::log& truth, const segment& ours) {
    const auto found = truth.aborted_by_segment.find(ours.base);
    const std::vector<naive::aborted> none;
    const auto& theirs = found == truth.aborted_by_segment.end() ? none : found->second;
    // Where the start of the log was deleted, the naive reading sees a transaction begin too late.
    const bool whole = truth.segments.front().base == kafka::offset(0);
    for (const naive::aborted& each : theirs) {
        const bool known = std::ranges::any_of(ours.aborted.entries(), [&](const auto& mine) {
            return mine.producer == each.producer && mine.marker_offset == each.marker &&
                   (whole ? mine.first_offset == each.first : mine.first_offset <= each.first);
        });
        if (!known) {
            return fmt::format("segment {} does not know that producer {} aborted {} to {}",
                               ours.base,
                               each.producer,
                               each.first,
                               each.marker);
        }
    }
    if (whole && ours.aborted.entries().size() != theirs.size()) {
        return fmt::format("another transaction index at {}", ours.base);
    }
    return {};
}

std::string compare_epochs(const naive::log& truth, const stored_log& log) {
    std::vector<std::pair<kafka::leader_epoch, kafka::offset>> expected;
    for (const auto& [epoch, start] : truth.epochs) {
        if (!expected.empty() && start <= log.log_start()) expected.clear();
        expected.emplace_back(epoch, std::max(start, log.log_start()));
    }
    // All below the log start was deleted, and nothing was written since.
    if (log.log_start() == log.log_end()) expected.clear();
    std::vector<std::pair<kafka::leader_epoch, kafka::offset>> found;
    for (const epoch_start& each : log.epochs().entries()) {
        if (each.start < log.log_end()) found.emplace_back(each.epoch, each.start);
    }
    if (found == expected) return {};
    std::string difference = "other epochs:";
    for (const auto& [epoch, start] : found) difference += fmt::format(" {}@{}", epoch, start);
    difference += " instead of";
    for (const auto& [epoch, start] : expected) difference += fmt::format(" {}@{}", epoch, start);
    return difference + fmt::format(", log start {}", log.log_start());
}

std::string compare_producer(kafka::producer_id id,
                             const naive::producer& theirs,
                             const producer_state& ours,
                             bool whole) {
    if (ours.epoch != theirs.epoch) return fmt::format("producer {} has another epoch", id);
    if (whole && ours.recent.size() != theirs.recent.size()) {
        return fmt::format(
            "producer {} has {} batches, not {}", id, ours.recent.size(), theirs.recent.size());
    }
    if (ours.recent.size() < theirs.recent.size()) return "too few batches remembered";
    const bool same =
        std::equal(theirs.recent.rbegin(),
                   theirs.recent.rend(),
                   ours.recent.rbegin(),
                   [](const auto& their, const auto& mine) {
                       return their.first == mine.first && their.second == mine.base_offset;
                   });
    if (!same) return fmt::format("producer {} has other batches", id);
    if (whole && ours.transaction_start != theirs.open_transaction) {
        return fmt::format("producer {} has another transaction open", id);
    }
    return {};
}

std::string compare_producers(const naive::log& truth, const stored_log& log) {
    const bool whole =
        truth.segments.front().base == kafka::offset(0) && log.log_start() == kafka::offset(0);
    for (const auto& [id, theirs] : truth.producers) {
        const auto ours = log.producers().producers().find(id);
        if (ours == log.producers().producers().end()) {
            return fmt::format("producer {} is not known", id);
        }
        std::string difference = compare_producer(id, theirs, ours->second, whole);
        if (!difference.empty()) return difference;
    }
    if (whole && log.producers().producers().size() != truth.producers.size()) {
        return "producers that are not in the log";
    }
    return {};
}

}  // namespace

std::string compare_with(const naive::log& truth, const stored_log& log, const log_config& config) {
    std::string difference = compare_positions(truth, log);
    for (std::size_t at = 0; difference.empty() && at < truth.segments.size(); ++at) {
        const segment& ours = *log.segments()[at];
        const bool sealed = at + 1 < truth.segments.size();
        difference = compare_indexes(ours, truth.segments[at], config, sealed);
        if (difference.empty()) difference = compare_aborted(truth, ours);
    }
    if (difference.empty()) difference = compare_epochs(truth, log);
    if (difference.empty()) difference = compare_producers(truth, log);
    return difference;
}

}  // namespace verdikt::broker::storage
