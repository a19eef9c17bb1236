/// What a consumer group was asked to promise. The defaults are the safe ones.
#pragma once

#include <cstdint>

namespace verdikt::checker::groups {

struct settings {
    /// Consumers commit by themselves, so that the history does not have all commits.
    bool auto_commit = false;
    /// Unclean elections are off: what was committed stays.
    bool clean_elections = true;
    /// Clients wait at least so long before they try again: a commit that took less was sent once.
    std::int64_t retry_backoff_ns = 100'000'000;
    /// How much longer than sessions and rebalances may take a partition may be without an owner.
    std::int64_t orphan_slack_ns = 15'000'000'000;
    /// Fewer commits that succeeded prove nothing.
    std::uint64_t commits_min = 1;
};

}  // namespace verdikt::checker::groups
