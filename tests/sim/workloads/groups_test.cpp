// The groups workload against a whole broker in the simulated world: partitions have one owner and
// commits stand, whatever breaks.
#include "workloads/groups/groups.h"
#include "tests/sim/for_each_seed.h"
#include "tests/sim/workloads/judged_storm.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<workload_storm> make_storm(std::uint64_t seed, storm_form form) {
    const auto make = [seed](runtime::environment& world,
                             std::vector<std::string> servers,
                             workloads::recorder& history) {
        workloads::groups_options plan{.load = small_load(seed),
                                       .leave_chance = 0.005,
                                       .crash_chance = 0.003,
                                       .still_chance = 0.01,
                                       .storm_factor = 5};
        plan.load.servers = std::move(servers);
        return workloads::make_groups(world, std::move(plan), history);
    };
    form.seed = seed;
    form.settings.emplace_back("group.initial.rebalance.delay.ms", "100");
    form.span = 70s;
    form.calm = 20s;
    form.between_crashes = 20s;
    return std::make_unique<workload_storm>(std::move(form), make);
}

TEST(groups_workload, brokers_that_break_and_heal_keep_what_they_promised) {
    constexpr std::uint64_t seeds = 10;
    std::map<std::string, std::uint64_t> counted;
    runtime::sim::for_each_seed(seeds, [&counted](std::uint64_t seed) {
        const auto storm = make_storm(seed, {.brokers = seed % 3 == 0 ? 1 : 3});
        storm->run();
        const checker::judgement said = judged(*storm, trial::groups_kind, small_load(seed));
        expect_valid(said);
        for (const auto& [name, count] : said.counts) counted[name] += count;
    });
    for (const auto& [name, count] : counted) fmt::print("{}: {}\n", name, count);
    if (runtime::sim::seeds_from_environment(seeds).count < seeds) return;
    EXPECT_GT(counted["offsets committed"], 300U);
    EXPECT_GT(counted["commits whose outcome is unknown"], 5U);
    EXPECT_GT(counted["partitions given to members"], 100U);
    EXPECT_GT(counted["times a member was seen to begin reading"], 50U);
}

/// What the broker forgets with its page cache it had acknowledged.
TEST(groups_workload, commits_that_nobody_synced_are_lost_and_found_to_be_missing) {
    std::set<std::string_view> seen;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        const auto storm = make_storm(
            seed, {.brokers = 1, .settings = {{"log.flush.interval.messages", "1000000"}}});
        storm->run();
        const checker::judgement said = judged(*storm, trial::groups_kind, small_load(seed));
        for (const checker::finding& each : said.violations) seen.insert(each.name);
    }
    EXPECT_TRUE(seen.contains("reset-to-start") || seen.contains("commit-went-back") ||
                seen.contains("commit-lost"));
}

TEST(groups_workload, a_seed_gives_the_same_history_again) {
    const auto first = make_storm(7, {.brokers = 3});
    const auto second = make_storm(7, {.brokers = 3});
    first->run();
    second->run();
    EXPECT_EQ(first->text(), second->text());
}

}  // namespace
}  // namespace verdikt::tests
