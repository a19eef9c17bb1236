// The exactly-once workload against a whole broker in the simulated world: nothing is processed
// twice or lost where outputs and offsets are in transactions, and something is where they are not.
#include "workloads/exactly_once/exactly_once.h"
#include "tests/sim/for_each_seed.h"
#include "tests/sim/workloads/judged_storm.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<workload_storm> make_storm(std::uint64_t seed,
                                           const workloads::load_options& load) {
    const auto make = [load](runtime::environment& world,
                             std::vector<std::string> servers,
                             workloads::recorder& history) {
        workloads::exactly_once_options plan{
            .load = load, .zombie_chance = 0.04, .crash_chance = 0.005, .leave_chance = 0.005};
        plan.load.servers = std::move(servers);
        return workloads::make_exactly_once(world, std::move(plan), history);
    };
    return std::make_unique<workload_storm>(
        storm_form{.seed = seed,
                   .brokers = seed % 3 == 0 ? 1 : 3,
                   .settings = {{"group.initial.rebalance.delay.ms", "100"}},
                   .span = 60s,
                   .calm = 15s,
                   .between_crashes = 28s},
        make);
}

TEST(exactly_once_workload, brokers_that_break_and_heal_keep_what_they_promised) {
    constexpr std::uint64_t seeds = 10;
    std::map<std::string, std::uint64_t> counted;
    runtime::sim::for_each_seed(seeds, [&counted](std::uint64_t seed) {
        const workloads::load_options load = small_load(seed);
        const auto storm = make_storm(seed, load);
        storm->run();
        const checker::judgement said = judged(*storm, trial::exactly_once_kind, load);
        expect_valid(said);
        for (const auto& [name, count] : said.counts) counted[name] += count;
    });
    for (const auto& [name, count] : counted) fmt::print("{}: {}\n", name, count);
    if (runtime::sim::seeds_from_environment(seeds).count < seeds) return;
    EXPECT_GT(counted["transactions committed"], 300U);
    EXPECT_GT(counted["transactions aborted"], 50U);
    EXPECT_GT(counted["transactions unknown"], 2U);
    EXPECT_GT(counted["inputs read"], 1'000U);
}

TEST(exactly_once_workload, without_transactions_inputs_are_processed_twice) {
    std::set<std::string_view> seen;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        workloads::load_options load = small_load(seed);
        load.no_transactions = true;
        const auto storm = make_storm(seed, load);
        storm->run();
        load.expect_idempotent = true;
        for (const checker::finding& each :
             judged(*storm, trial::exactly_once_kind, load).violations) {
            seen.insert(each.name);
        }
    }
    EXPECT_TRUE(seen.contains("eos-duplicate"));
}

/// Records are committed while they are still being processed, and instances crash.
TEST(exactly_once_workload, with_automatic_commits_inputs_are_passed_over) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        workloads::load_options load = small_load(seed);
        load.auto_commit = true;
        const auto storm = make_storm(seed, load);
        storm->run();
        const checker::judgement said = judged(*storm, trial::exactly_once_kind, load);
        expect_valid(said);
        EXPECT_TRUE(names_of(said.allowed).contains("eos-lost"));
        load.expect_processed = true;
        const checker::judgement asked = judged(*storm, trial::exactly_once_kind, load);
        EXPECT_EQ(asked.says, checker::verdict::violation);
        EXPECT_TRUE(names_of(asked.violations).contains("eos-lost"));
        // That offsets and outputs go together was not asked for.
        EXPECT_FALSE(names_of(asked.violations).contains("eos-offset-mismatch"));
    }
}

TEST(exactly_once_workload, a_seed_gives_the_same_history_again) {
    const auto first = make_storm(7, small_load(7));
    const auto second = make_storm(7, small_load(7));
    first->run();
    second->run();
    EXPECT_EQ(first->text(), second->text());
}

}  // namespace
}  // namespace verdikt::tests
