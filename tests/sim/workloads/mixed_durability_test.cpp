// The mixed-durability workload against whole brokers in the simulated world, judged by the log
// checker.
#include "workloads/mixed_durability/mixed_durability.h"
#include "checker/history/reader.h"
#include "checker/log/log_checker.h"
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
    workloads::mixed_durability_options plan;
    plan.load.servers = std::move(servers);
    plan.load.seed = seed;
    plan.load.partitions = 2;
    plan.load.rate = 300;
    plan.load.concurrency = 12;
    plan.crash_chance = 0.01;
    return workloads::make_mixed_durability(world, std::move(plan), history);
}

checker::judgement judged(const std::string& text) {
    checker::history::text_source source(text);
    const auto reader = checker::history::read_json(source);
    const auto recorded = checker::log::recording::read(*reader);
    if (recorded) return checker::log::check(*recorded, {});
    ADD_FAILURE() << recorded.error().what;
    return {.says = checker::verdict::crash};
}

/// Holds a storm whose history must be free of violations; how much was lost that might be.
std::uint64_t losses_allowed_in(std::uint64_t seed) {
    workload_storm storm({.seed = seed, .brokers = seed % 2 == 0 ? 1 : 3},
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
    std::uint64_t losses = 0;
    for (const auto& each : said.allowed) {
        if (each.name == "unseen" || each.name == "lost-write") losses += each.count;
    }
    return losses;
}

TEST(mixed_durability_workload, what_waited_for_all_replicas_is_there) {
    runtime::sim::for_each_seed(
        8, [](std::uint64_t seed) { static_cast<void>(losses_allowed_in(seed)); });
}

TEST(mixed_durability_workload, what_did_not_wait_is_lost_sometimes_and_that_is_allowed) {
    constexpr std::uint64_t first = 15;
    constexpr std::uint64_t last = 60;
    std::uint64_t losses = 0;
    for (std::uint64_t seed = first; seed <= last && losses == 0; ++seed) {
        losses = losses_allowed_in(seed);
        ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed;
    }
    EXPECT_GT(losses, 0U);
}

}  // namespace
}  // namespace verdikt::tests
