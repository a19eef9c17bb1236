#include "runtime/sim/world.h"

#include "runtime/deadline.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace verdikt::runtime::sim {
namespace {

using namespace std::chrono_literals;

awaitable<void> run_for_ever(environment& env) {
    for (;;) co_await env.sleep_for(1s);
}

TEST(sim_world_test, time_stands_still_while_anything_can_run_and_then_jumps) {
    world universe(1);
    std::vector<instant> seen;
    universe.run([](world& in, std::vector<instant>& noted) -> awaitable<void> {
        noted.push_back(in.now());
        co_await in.sleep_for(3h);
        noted.push_back(in.now());
    }(universe, seen));
    EXPECT_EQ(seen, (std::vector{instant(0h), instant(3h)}));
}

TEST(sim_world_test, events_due_at_one_instant_fire_in_the_order_in_which_they_were_scheduled) {
    world universe(1);
    node& only = universe.add_node("a");
    std::string order;
    only.start([&order](environment& env) -> awaitable<void> {
        scope sleepers(env.get_executor());
        for (const char letter : std::string("abcdefghij")) {
            sleepers.spawn([](environment& in, std::string& to, char what) -> awaitable<void> {
                co_await in.sleep_until(instant(1s));
                to.push_back(what);
            }(env, order, letter));
        }
        co_await sleepers.join();
    });
    universe.run_until_idle();
    EXPECT_EQ(order, "abcdefghij");
}

TEST(sim_world_test, run_throws_what_the_driver_threw) {
    world universe(1);
    const auto fail = []() -> awaitable<void> {
        throw std::runtime_error("broken");
        co_return;
    };
    EXPECT_THROW(universe.run(fail()), std::runtime_error);
}

TEST(sim_world_test, run_until_stops_before_what_is_due_later) {
    world universe(1);
    node& only = universe.add_node("a");
    int ticks = 0;
    only.start([&ticks](environment& env) -> awaitable<void> {
        for (;;) {
            co_await env.sleep_for(1s);
            ++ticks;
        }
    });
    universe.run_until(instant(3500ms));
    EXPECT_EQ(ticks, 3);
    EXPECT_EQ(universe.now(), instant(3500ms));
}

TEST(sim_world_test, a_run_beyond_its_virtual_time_ends_with_the_seed_and_the_replay_command) {
    world universe(4711, {.virtual_time_max = 10s});
    universe.add_node("a").start(run_for_ever);
    EXPECT_DEATH(universe.run_until_idle(),
                 "virtual_time_max(.|\n)*seed 4711(.|\n)*VERDIKT_SEED=4711");
}

TEST(sim_world_test, a_run_beyond_its_number_of_events_ends_with_a_report) {
    world universe(1, {.events_max = 100});
    universe.add_node("a").start(run_for_ever);
    EXPECT_DEATH(universe.run_until_idle(), "events_max");
}

TEST(sim_world_test, a_driver_that_waits_for_what_never_comes_is_reported) {
    world universe(1);
    notification never;
    EXPECT_DEATH(universe.run(never.wait()), "nothing can happen any more");
}

TEST(sim_world_test, a_deadline_that_comes_first_cancels_the_work) {
    world universe(1);
    node& only = universe.add_node("a");
    only.start([](environment& env) -> awaitable<void> {
        const bool done = co_await with_deadline(env, instant(1s), env.sleep_for(2s));
        EXPECT_FALSE(done);
        EXPECT_EQ(env.now(), instant(1s));
        const bool in_time = co_await with_deadline(env, instant(10s), env.sleep_for(2s));
        EXPECT_TRUE(in_time);
    });
    universe.run_until_idle();
    EXPECT_FALSE(only.running());
    EXPECT_EQ(only.failure(), nullptr);
}

std::uint64_t hash_of_random_sleeps(std::uint64_t seed) {
    world universe(seed);
    node& only = universe.add_node("a");
    only.start([](environment& env) -> awaitable<void> {
        for (int round = 0; round < 20; ++round) {
            co_await env.sleep_for(duration(env.random().below(1'000'000)));
        }
    });
    universe.run_until_idle();
    return universe.trace_hash();
}

TEST(sim_world_test, equal_seeds_give_equal_hashes_and_different_ones_do_not) {
    EXPECT_EQ(hash_of_random_sleeps(7), hash_of_random_sleeps(7));
    EXPECT_NE(hash_of_random_sleeps(7), hash_of_random_sleeps(8));
}

}  // namespace
}  // namespace verdikt::runtime::sim
