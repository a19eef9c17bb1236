#include "checker/replica_logs/replica_logs.h"

#include "checker/replica_logs/slices.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <ranges>
#include <span>

namespace verdikt::checker::replica_logs {

namespace {

/// A difference between some replica and the first, or damage of one.
struct place {
    std::int64_t offset = std::numeric_limits<std::int64_t>::max();
    std::string what;
};

void keep_lower(place& lowest, std::int64_t offset, std::string what) {
    if (offset < lowest.offset) lowest = {offset, std::move(what)};
}

bool has_the_last_of(const replica& one, const batch& what) {
    const auto found = std::ranges::lower_bound(one.batches, what.last, {}, &batch::last);
    return found != one.batches.end() && found->last == what.last && found->epoch == what.epoch;
}

/// Behind the last batch whose end and epoch all have, as far as they can be read.
std::int64_t matching_end(const partition& of) {
    std::vector<const replica*> readable;
    for (const replica& one : of.replicas) {
        if (!one.damaged) readable.push_back(&one);
    }
    if (readable.empty()) return std::numeric_limits<std::int64_t>::max();
    for (const batch& each : readable.front()->batches | std::views::reverse) {
        const bool everywhere = std::ranges::all_of(
            readable, [&each](const replica* one) { return has_the_last_of(*one, each); });
        if (everywhere) return each.last + 1;
    }
    return 0;
}

/// What all replicas have to agree on: offsets from `start` to below `end`.
struct common_range {
    std::int64_t start = 0;
    std::int64_t end = std::numeric_limits<std::int64_t>::max();
};

common_range range_of(const partition& of) {
    common_range common;
    for (const replica& one : of.replicas) {
        common.start = std::max(common.start, one.start);
        if (one.high_watermark) common.end = std::min(common.end, *one.high_watermark);
    }
    const bool all_stored = std::ranges::all_of(
        of.replicas, [](const replica& one) { return one.high_watermark.has_value(); });
    if (!all_stored) common.end = std::min(common.end, matching_end(of));
    return common;
}

std::span<const batch> batches_in(const replica& of, common_range range) {
    const auto from = std::ranges::lower_bound(of.batches, range.start, {}, &batch::first);
    const auto to = std::ranges::lower_bound(of.batches, range.end, {}, &batch::last);
    if (to <= from) return {};
    return {from, to};
}

std::string nodes_of(const replica& one, const replica& other) {
    return fmt::format("nodes {} and {}", one.node, other.node);
}

void compare_batches(const replica& one, const replica& other, common_range range, place& lowest) {
    const auto left = batches_in(one, range);
    const auto right = batches_in(other, range);
    const auto [at, as] = std::ranges::mismatch(
        left, right, [](const batch& here, const batch& there) { return here.same_as(there); });
    if (at == left.end() && as == right.end()) return;
    if (at != left.end() && as != right.end()) {
        const bool same_place = at->first == as->first && at->last == as->last;
        keep_lower(lowest,
                   std::min(at->first, as->first),
                   fmt::format("{} have {} there",
                               nodes_of(one, other),
                               same_place ? "different batches" : "batches of different offsets"));
        return;
    }
    const bool first_goes_on = at != left.end();
    const replica& longer = first_goes_on ? one : other;
    const replica& shorter = first_goes_on ? other : one;
    // What a damaged one does not have is told by its damage.
    if (shorter.damaged) return;
    const std::string though =
        shorter.high_watermark
            ? fmt::format("it knows everything below {} to be committed", *shorter.high_watermark)
            : "both go on with the same";
    keep_lower(lowest,
               first_goes_on ? at->first : as->first,
               fmt::format("node {} has a batch there, and node {} has none, though {}",
                           longer.node,
                           shorter.node,
                           though));
}

/// Calls `take` with both records wherever both replicas have one.
template <typename Take>
void each_in_both(const replica& one, const replica& other, common_range range, Take take) {
    auto right = other.records.begin();
    for (const record& here : one.records) {
        if (here.offset < range.start) continue;
        if (here.offset >= range.end) return;
        while (right != other.records.end() && right->offset < here.offset) ++right;
        if (right == other.records.end()) return;
        if (right->offset == here.offset) take(here, *right);
    }
}

void compare_records(const replica& one, const replica& other, common_range range, place& lowest) {
    each_in_both(one, other, range, [&](const record& here, const record& there) {
        if (here == there) return;
        keep_lower(lowest,
                   here.offset,
                   fmt::format("{} have different records there", nodes_of(one, other)));
    });
}

void look_for_damage(const replica& one, common_range range, place& lowest) {
    if (!one.damaged || one.damaged->offset >= range.end) return;
    keep_lower(lowest,
               one.damaged->offset,
               fmt::format("node {} cannot be read from there on: {}", one.node, one.damaged->why));
}

}  // namespace

std::optional<difference> first_difference(const partition& of) {
    if (of.replicas.size() < 2) return std::nullopt;
    const common_range range = range_of(of);
    place lowest;
    for (const replica& one : of.replicas) look_for_damage(one, range, lowest);
    const auto compare = of.compacted ? compare_records : compare_batches;
    // Compacted replicas may each miss a record that two others have.
    const std::size_t sides = of.compacted ? of.replicas.size() : 1;
    for (std::size_t left = 0; left < sides; ++left) {
        for (std::size_t right = left + 1; right < of.replicas.size(); ++right) {
            compare(of.replicas[left], of.replicas[right], range, lowest);
        }
    }
    if (lowest.what.empty()) return std::nullopt;
    return difference{.partition = of.name,
                      .offset = lowest.offset,
                      .what = fmt::format("{}, offset {}: {}", of.name, lowest.offset, lowest.what),
                      .slices = slices_around(of, lowest.offset)};
}

void comparison::add(const partition& one) {
    if (one.replicas.size() < 2) return;
    const common_range range = range_of(one);
    if (range.start >= range.end) return;
    ++partitions;
    const replica& first = one.replicas.front();
    if (one.compacted) {
        each_in_both(
            first, one.replicas[1], range, [this](const record&, const record&) { ++records; });
    } else {
        batches += batches_in(first, range).size();
    }
    auto found = first_difference(one);
    if (!found) return;
    ++differing;
    if (differences.size() < differences_max) differences.push_back(std::move(*found));
}

}  // namespace verdikt::checker::replica_logs
