#include "checker/groups/groups_checker.h"

#include "checker/groups/evidence.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::checker::groups {

namespace {

using history::op_type;

std::uint64_t count_of(const recording& history, op_type type) {
    return static_cast<std::uint64_t>(std::ranges::count(history.commits, type, &commit::type));
}

}  // namespace

judgement check(const recording& history, const settings& asked) {
    const evidence seen{history, asked};
    findings found;
    const std::uint64_t committed = count_of(history, op_type::ok);
    found.count("operations", history.operations);
    found.count("members", history.members.size());
    found.count("assignments", history.rebalances);
    found.count("partitions given to members", history.ownerships.size());
    found.count("offsets committed", committed);
    found.count("commits whose outcome is unknown", count_of(history, op_type::info));
    found.count(
        "times a member was seen to begin reading",
        static_cast<std::uint64_t>(std::ranges::count(history.sights, true, &sight::resumed)));
    if (committed < asked.commits_min && !asked.auto_commit) {
        found.doubt(fmt::format(
            "{} commits succeeded; fewer than {} prove nothing", committed, asked.commits_min));
    }
    if (history.ownerships.empty()) found.doubt("no member was ever given a partition");
    check_owners(seen, found);
    check_commits(seen, found);
    check_orphans(seen, found);
    return found.judge();
}

}  // namespace verdikt::checker::groups
