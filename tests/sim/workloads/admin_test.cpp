// The admin workload against whole brokers in the simulated world, judged by its checker.
#include "workloads/admin/admin.h"
#include "checker/admin/admin_checker.h"
#include "tests/sim/for_each_seed.h"
#include "tests/sim/workloads/workload_storm.h"

#include <gtest/gtest.h>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<workloads::workload> make(std::uint64_t seed,
                                          runtime::environment& world,
                                          std::vector<std::string> servers,
                                          workloads::recorder& history) {
    workloads::admin_options plan;
    plan.load.servers = std::move(servers);
    plan.load.seed = seed;
    plan.crash_chance = 0.01;
    return workloads::make_admin(world, std::move(plan), history);
}

checker::judgement judged(const std::string& text) {
    checker::history::text_source source(text);
    const auto reader = checker::history::read_json(source);
    const auto recorded = checker::admin::recording::read(*reader);
    if (recorded) return checker::admin::check(*recorded, {});
    ADD_FAILURE() << recorded.error().what;
    return {.says = checker::verdict::crash};
}

TEST(admin_workload, brokers_that_break_and_heal_agree_on_what_was_acknowledged) {
    constexpr std::uint64_t seeds = 6;
    std::uint64_t acknowledged = 0;
    std::uint64_t answers = 0;
    runtime::sim::for_each_seed(seeds, [&](std::uint64_t seed) {
        workload_storm storm({.seed = seed, .brokers = seed % 4 == 0 ? 1 : 3},
                             [seed](auto& world, auto servers, auto& history) {
                                 return make(seed, world, std::move(servers), history);
                             });
        storm.run();
        const auto said = judged(storm.text());
        for (const auto& each : said.violations) {
            ADD_FAILURE() << each.name << ", " << each.count
                          << " times: " << each.examples.front().what;
        }
        for (const std::string& why : said.doubts) ADD_FAILURE() << why;
        for (const auto& [what, count] : said.counts) {
            if (what == "acknowledged") acknowledged += count;
            if (what == "answers") answers += count;
        }
    });
    if (testing::Test::HasFailure()) return;
    if (runtime::sim::seeds_from_environment(seeds).count < seeds) return;
    fmt::print("{} changes acknowledged, {} answers\n", acknowledged, answers);
    EXPECT_GT(acknowledged, 300U);
    EXPECT_GT(answers, 500U);
}

TEST(admin_workload, a_seed_gives_the_same_history_again) {
    std::string first;
    for (int time = 0; time < 2; ++time) {
        workload_storm storm({.seed = 7, .span = 4s}, [](auto& world, auto servers, auto& history) {
            return make(7, world, std::move(servers), history);
        });
        storm.run();
        if (time == 0) first = storm.text();
        EXPECT_EQ(storm.text(), first);
    }
}

}  // namespace
}  // namespace verdikt::tests
