#include "tests/sim/groups/group_history.h"

#include <fmt/format.h>

namespace verdikt::tests {

void group_history::assigned(std::int32_t generation,
                             const std::string& member,
                             const std::vector<std::int32_t>& partitions) {
    ++assignments_;
    newest_generation_ = std::max(newest_generation_, generation);
    for (const std::int32_t partition : partitions) {
        const auto [owner, first] = owners_.try_emplace({generation, partition}, member);
        if (owner->second == member) continue;
        violations_.push_back(fmt::format("in generation {} partition {} belongs to {} and to {}",
                                          generation,
                                          partition,
                                          owner->second,
                                          member));
    }
}

void group_history::acknowledged(std::int32_t partition, std::int64_t offset) {
    ++acknowledgements_;
    std::int64_t& highest = highest_.try_emplace(partition, -1).first->second;
    highest = std::max(highest, offset);
}

void group_history::fetched(std::int32_t partition, std::int64_t offset) {
    const auto highest = highest_.find(partition);
    if (highest == highest_.end() || offset >= highest->second) return;
    violations_.push_back(
        fmt::format("partition {} went back from {}, which was acknowledged, to {}",
                    partition,
                    highest->second,
                    offset));
}

std::size_t group_history::partitions_owned_in_newest_generation() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        owners_, [&](const auto& entry) { return entry.first.first == newest_generation_; }));
}

}  // namespace verdikt::tests
