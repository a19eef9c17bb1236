// A whole broker, its clients and its network in the simulated world: nothing that was acknowledged
// with acks=all is lost or changed, whatever strikes.
#include "tests/sim/for_each_seed.h"
#include "tests/sim/load/storm.h"

#include <gtest/gtest.h>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;

storm_outcome storm_of(std::uint64_t seed, bool synced) {
    broker_program program;
    if (!synced) program.set("log.flush.interval.messages", "1000000");
    runtime::sim::world universe(seed);
    return run_storm(universe, program, 15s);
}

TEST(broker_storm,
     nothing_acknowledged_is_lost_and_idempotent_producers_neither_repeat_nor_reorder) {
    storm_outcome all;
    constexpr std::uint64_t seeds = 200;
    runtime::sim::for_each_seed(seeds, [&all](std::uint64_t seed) {
        const storm_outcome outcome = storm_of(seed, true);
        for (const std::string& violation : outcome.violations) ADD_FAILURE() << violation;
        all.acknowledgements += outcome.acknowledgements;
        all.deaths += outcome.deaths;
        all.clean_ends += outcome.clean_ends;
        all.disk_failures += outcome.disk_failures;
        all.sectors_lost += outcome.sectors_lost;
    });
    fmt::print(
        "{} records acknowledged, {} restarts ({} clean ends, {} disk failures), "
        "{} sectors lost\n",
        all.acknowledgements,
        all.deaths,
        all.clean_ends,
        all.disk_failures,
        all.sectors_lost);
    // One seed alone may be a replay.
    if (runtime::sim::seeds_from_environment(seeds).count < seeds) return;
    EXPECT_GT(all.acknowledgements, 10'000U);
    EXPECT_GT(all.deaths, 500U);
    EXPECT_GT(all.clean_ends, 50U);
    EXPECT_GT(all.disk_failures, 10U);
    EXPECT_GT(all.sectors_lost, 0U);
}

TEST(broker_storm, in_page_cache_mode_power_losses_do_lose_acknowledged_records) {
    std::size_t seeds_with_losses = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        seeds_with_losses += storm_of(seed, false).violations.empty() ? 0 : 1;
    }
    EXPECT_GT(seeds_with_losses, 5U);
}

}  // namespace
}  // namespace verdikt::tests
