#include "tests/sim/raft/marks.h"

#include <fmt/format.h>

namespace verdikt::broker::raft {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(mark::count)> names{
    "leader elected",
    "candidates split the vote",
    "pre vote refused for a leader",
    "pre vote round lost",
    "vote refused for a shorter log",
    "vote refused as given to another",
    "leader stepped down by check quorum",
    "leader deposed by a later epoch",
    "leader handed over",
    "successor elected at once",
    "follower truncated",
    "truncated across two epochs",
    "fetch diverged",
    "message held back for a vote",
    "crash lost records",
    "crash lost a vote being written",
    "leader crashed",
    "record lost with its leader",
    "earlier epoch committed by a later one",
    "snapshot taken",
    "snapshot installed",
    "snapshot fetch abandoned",
    "snapshot gone while fetched",
    "voter added",
    "voter removed",
    "voter removed while leader",
    "voters reverted by truncation",
    "voter change timed out",
    "removed voter asked in vain",
    "one way partition",
    "message duplicated",
    "stale answer ignored",
};

}  // namespace

void mark_counts::add(const mark_counts& other) {
    for (std::size_t each = 0; each < counts_.size(); ++each) counts_[each] += other.counts_[each];
}

std::string_view name(mark which) {
    return names.at(static_cast<std::size_t>(which));
}

std::string report(const mark_counts& counts) {
    std::string lines;
    for (std::size_t each = 0; each < names.size(); ++each)
        lines += fmt::format("{:>9}  {}\n", counts.of(static_cast<mark>(each)), names[each]);
    return lines;
}

}  // namespace verdikt::broker::raft
