#include "checker/replica_logs/slices.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::checker::replica_logs {

namespace {

std::string in_words(const batch& one) {
    const std::string offsets = one.first == one.last ? fmt::format("{}", one.first)
                                                      : fmt::format("{}–{}", one.first, one.last);
    return fmt::format("{} epoch {} checksum {:08x} {} bytes{}{}",
                       offsets,
                       one.epoch,
                       one.checksum,
                       one.size,
                       one.details.empty() ? "" : " ",
                       one.details);
}

bool has_the_same(const replica& other, const batch& one) {
    const auto found = std::ranges::lower_bound(other.batches, one.first, {}, &batch::first);
    return found != other.batches.end() && found->same_as(one);
}

/// Of compacted partitions the batch that holds the place, whatever others have.
bool is_odd(const partition& of, const batch& one, std::int64_t offset) {
    if (of.compacted) return one.first <= offset && offset <= one.last;
    return std::ranges::any_of(of.replicas,
                               [&one](const replica& other) { return !has_the_same(other, one); });
}

node_slice slice_of(const partition& of, const replica& one, std::int64_t offset) {
    node_slice made{.node = one.node, .lines = {}};
    const auto& all = one.batches;
    const auto at = static_cast<std::size_t>(
        std::ranges::lower_bound(all, offset, {}, &batch::last) - all.begin());
    const std::size_t from = at - std::min(at, batches_around);
    const std::size_t to = std::min(all.size(), at + batches_around + 1);
    for (std::size_t index = from; index < to; ++index) {
        made.lines.push_back({in_words(all[index]), is_odd(of, all[index], offset)});
    }
    if (one.damaged) {
        made.lines.push_back(
            {fmt::format("{} and on: {}", one.damaged->offset, one.damaged->why), true});
    } else if (to == all.size()) {
        const std::string committed =
            one.high_watermark ? fmt::format("committed to {}; ", *one.high_watermark) : "";
        made.lines.push_back({committed + "the log ends"});
    }
    return made;
}

}  // namespace

std::vector<node_slice> slices_around(const partition& of, std::int64_t offset) {
    std::vector<node_slice> all;
    all.reserve(of.replicas.size());
    for (const replica& one : of.replicas) all.push_back(slice_of(of, one, offset));
    return all;
}

}  // namespace verdikt::checker::replica_logs
