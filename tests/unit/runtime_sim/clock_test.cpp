#include "runtime/sim/node_clock.h"
#include "runtime/sim/world.h"

#include <gtest/gtest.h>

namespace verdikt::runtime::sim {
namespace {

using namespace std::chrono_literals;

TEST(node_clock_test, without_faults_both_clocks_follow_the_world) {
    const node_clock clock;
    EXPECT_EQ(clock.monotonic(instant(90s)), instant(90s));
    EXPECT_EQ(clock.wall(instant(90s)), node_clock::beginning + 90s);
    EXPECT_EQ(clock.world_time_of(instant(90s)), instant(90s));
}

TEST(node_clock_test, a_jump_moves_the_wall_clock_alone) {
    node_clock clock;
    clock.jump(-1h);
    EXPECT_EQ(clock.monotonic(instant(5s)), instant(5s));
    EXPECT_EQ(clock.wall(instant(5s)), node_clock::beginning + 5s - 1h);
}

TEST(node_clock_test, drift_changes_the_rate_and_never_the_reading) {
    node_clock clock;
    clock.set_drift(instant(100s), 100'000);
    EXPECT_EQ(clock.monotonic(instant(100s)), instant(100s));
    EXPECT_EQ(clock.monotonic(instant(110s)), instant(111s));
    clock.set_drift(instant(110s), -100'000);
    EXPECT_EQ(clock.monotonic(instant(110s)), instant(111s));
    EXPECT_EQ(clock.monotonic(instant(120s)), instant(120s));
    EXPECT_EQ(clock.wall(instant(120s)), node_clock::beginning + 120s);
}

TEST(node_clock_test, the_world_time_of_a_local_moment_is_the_first_at_which_it_has_come) {
    for (const std::int64_t ppm : {-200'000, -37, 0, 1, 999, 200'000}) {
        node_clock clock;
        clock.set_drift(instant(3s), ppm);
        for (std::int64_t local = 3'000'000'001; local < 3'000'000'100; local += 7) {
            const instant at = clock.world_time_of(instant(duration(local)));
            EXPECT_GE(clock.monotonic(at), instant(duration(local)));
            EXPECT_LT(clock.monotonic(at - 1ns), instant(duration(local)));
        }
    }
}

TEST(node_clock_test, a_deadline_that_stands_for_never_does_not_overflow) {
    node_clock clock;
    EXPECT_GT(clock.world_time_of(instant::max()), instant(24h * 365 * 50));
    clock.set_drift(instant(1s), 100'000);
    EXPECT_GT(clock.world_time_of(instant::max()), instant(24h * 365 * 50));
}

TEST(node_clock_test, a_sleep_lasts_its_length_on_a_clock_that_changes_its_rate_meanwhile) {
    world universe(1);
    node& machine = universe.add_node("a");
    instant woke{};
    machine.start([&](environment& env) -> awaitable<void> {
        co_await env.sleep_for(10s);
        EXPECT_GE(env.now(), instant(10s));
        woke = universe.now();
    });
    universe.run_for(1s);
    machine.set_clock_drift(-100'000);
    universe.run_until_idle();
    EXPECT_EQ(woke, instant(11s));
}

TEST(node_clock_test, two_nodes_with_different_drift_time_out_at_different_moments) {
    world universe(1);
    std::vector<instant> woke;
    const auto sleep = [&](environment& env) -> awaitable<void> {
        co_await env.sleep_for(10s);
        woke.push_back(universe.now());
    };
    node& fast = universe.add_node("fast");
    node& slow = universe.add_node("slow");
    fast.set_clock_drift(250'00);
    slow.set_clock_drift(-250'00);
    slow.start(sleep);
    fast.start(sleep);
    universe.run_until_idle();
    ASSERT_EQ(woke.size(), 2U);
    EXPECT_LT(woke[0], instant(10s));
    EXPECT_GT(woke[1], instant(10s));
}

}  // namespace
}  // namespace verdikt::runtime::sim
