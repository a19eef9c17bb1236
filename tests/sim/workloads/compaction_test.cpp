// The compaction workload against whole brokers in the simulated world, judged by its checker.
#include "workloads/compaction/compaction.h"
#include "checker/compaction/compaction_checker.h"
#include "tests/sim/for_each_seed.h"
#include "tests/sim/workloads/workload_storm.h"

#include <gtest/gtest.h>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;

workloads::compaction_options plan_of(std::uint64_t seed) {
    workloads::compaction_options plan;
    plan.load.seed = seed;
    plan.load.partitions = 2;
    plan.load.rate = 80;
    plan.keys = 5;
    plan.crash_chance = 0.01;
    plan.delete_chance = 0.02;
    // No replica is away for longer than that.
    plan.tombstones_kept = 20s;
    plan.records_kept = 7s;
    plan.segment_bytes = 1'500;
    plan.segment_span = 700ms;
    return plan;
}

storm_form form_of(std::uint64_t seed) {
    return {.seed = seed,
            .brokers = seed % 2 == 0 ? 1 : 3,
            .settings = {{"log.cleaner.backoff.ms", "400"},
                         {"log.retention.check.interval.ms", "500"},
                         {"log.segment.delete.delay.ms", "500"}}};
}

checker::judgement judged(const std::string& text, const checker::compaction::settings& asked) {
    checker::history::text_source source(text);
    const auto reader = checker::history::read_json(source);
    const auto recorded = checker::compaction::recording::read(*reader);
    if (recorded) return checker::compaction::check(*recorded, asked);
    ADD_FAILURE() << recorded.error().what;
    return {.says = checker::verdict::crash};
}

TEST(compaction_workload, brokers_that_break_and_heal_keep_the_latest_of_each_key) {
    constexpr std::uint64_t seeds = 8;
    std::uint64_t removed = 0;
    std::uint64_t ok = 0;
    runtime::sim::for_each_seed(seeds, [&](std::uint64_t seed) {
        const auto plan = plan_of(seed);
        workload_storm storm(form_of(seed), [&plan](auto& world, auto servers, auto& history) {
            auto mine = plan;
            mine.load.servers = std::move(servers);
            return workloads::make_compaction(world, std::move(mine), history);
        });
        storm.run();
        const auto said = judged(storm.text(), {.clock_error = 3s});
        for (const auto& each : said.violations) {
            ADD_FAILURE() << each.name << ", " << each.count
                          << " times: " << each.examples.front().what;
        }
        for (const std::string& why : said.doubts) ADD_FAILURE() << why;
        for (const auto& [what, count] : said.counts) {
            if (what == "records that were seen to be removed") removed += count;
        }
        ok += storm.history().counts().ok;
    });
    if (testing::Test::HasFailure()) return;
    if (runtime::sim::seeds_from_environment(seeds).count < seeds) return;
    fmt::print("{} operations ok, {} records removed\n", ok, removed);
    EXPECT_GT(removed, 500U);
}

TEST(compaction_workload, a_seed_gives_the_same_history_again) {
    std::string first;
    for (int time = 0; time < 2; ++time) {
        auto form = form_of(7);
        form.span = 4s;
        workload_storm storm(form, [](auto& world, auto servers, auto& history) {
            auto plan = plan_of(7);
            plan.load.servers = std::move(servers);
            return workloads::make_compaction(world, std::move(plan), history);
        });
        storm.run();
        if (time == 0) first = storm.text();
        EXPECT_EQ(storm.text(), first);
    }
}

}  // namespace
}  // namespace verdikt::tests
