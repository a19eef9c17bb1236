// A group under rebalance storms while its coordinator is killed and loses power, again and again.
// The disk really forgets what was not synced; a second case shows that the test would notice.
#include "runtime/sim/world.h"
#include "tests/sim/for_each_seed.h"
#include "tests/sim/groups/coordinator_node.h"

#include <gtest/gtest.h>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;

struct storm_outcome {
    group_history history;
    std::uint64_t sectors_lost = 0;
};

/// Five members, one of them static, through several lives of the coordinator; then peace.
storm_outcome run_storm(std::uint64_t seed, bool durable) {
    storm_outcome outcome;
    std::list<restless_member> members;
    for (int i = 0; i < 4; ++i) members.emplace_back(outcome.history, std::nullopt);
    members.emplace_back(outcome.history, "instance");
    coordinator_node program{.history = outcome.history, .members = members, .durable = durable};
    runtime::sim::world universe(seed);
    runtime::sim::node& node = universe.add_node("broker");
    // Slow enough that power is often lost between a write and its sync.
    node.disk().set_latency(runtime::sim::disk_operation::sync, {.base = 50ms, .jitter = 200ms});
    node.start([&program](runtime::environment& world) { return program.run(world); });
    for (int life = 0; life < 4; ++life) {
        universe.run_for(runtime::duration(universe.random().between(0, 60'000'000'000)));
        if (universe.random().chance(0.7)) {
            node.power_loss();
        } else {
            node.crash();
        }
        program.calm = life == 3;
        node.restart();
    }
    universe.run_for(90s);
    outcome.sectors_lost = node.disk().counted().sectors_lost;
    return outcome;
}

TEST(group_storm, no_partition_has_two_owners_and_no_acknowledged_commit_goes_back) {
    std::size_t assignments = 0;
    std::size_t acknowledgements = 0;
    std::uint64_t sectors_lost = 0;
    runtime::sim::for_each_seed(100, [&](std::uint64_t seed) {
        const storm_outcome outcome = run_storm(seed, true);
        for (const std::string& violation : outcome.history.violations())
            ADD_FAILURE() << violation;
        EXPECT_EQ(outcome.history.partitions_owned_in_newest_generation(),
                  static_cast<std::size_t>(topic_partitions))
            << "the group did not come to rest";
        assignments += outcome.history.assignments();
        acknowledgements += outcome.history.acknowledgements();
        sectors_lost += outcome.sectors_lost;
    });
    // One seed alone may be a replay.
    if (runtime::sim::seeds_from_environment(100).count < 100) return;
    EXPECT_GT(assignments, 2'000U);
    EXPECT_GT(acknowledgements, 20'000U);
    EXPECT_GE(sectors_lost, 10U) << "hardly any power loss bit";
}

TEST(group_storm, without_syncs_acknowledged_commits_do_go_back) {
    std::size_t seeds_with_violations = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        seeds_with_violations += run_storm(seed, false).history.violations().empty() ? 0 : 1;
    }
    EXPECT_GT(seeds_with_violations, 10U);
}

}  // namespace
}  // namespace verdikt::tests
