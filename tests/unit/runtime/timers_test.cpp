/// Contract: clocks and sleeping.
#include "runtime/deadline.h"
#include "runtime/scope.h"
#include "tests/unit/runtime/bench.h"
#include "tests/unit/runtime/note_end.h"

#include <boost/asio/post.hpp>

#include <memory>
#include <string>
#include <vector>

namespace verdikt::runtime {
namespace {

using namespace std::chrono_literals;

class timers : public world_test {};
INSTANTIATE_TEST_SUITE_P(each_world, timers, testing::ValuesIn(worlds()), name_of_world);

awaitable<void> note_after(environment& world, duration span, std::string& log, char letter) {
    co_await world.sleep_for(span);
    log.push_back(letter);
}

TEST_P(timers, a_sleeper_wakes_no_sooner_than_it_asked) {
    run([](environment& world) -> awaitable<void> {
        const instant start = world.now();
        co_await world.sleep_for(20ms);
        EXPECT_GE(world.now() - start, 20ms);
    }(world()));
}

TEST_P(timers, sleepers_wake_in_the_order_of_their_deadlines) {
    std::string log;
    run([](environment& world, std::string& noted) -> awaitable<void> {
        scope sleepers(world.get_executor());
        sleepers.spawn(note_after(world, 60ms, noted, 'c'));
        sleepers.spawn(note_after(world, 20ms, noted, 'a'));
        sleepers.spawn(note_after(world, 40ms, noted, 'b'));
        co_await sleepers.join();
    }(world(), log));
    EXPECT_EQ(log, "abc");
}

TEST_P(timers, a_moment_that_has_passed_is_not_waited_for) {
    run([](environment& world) -> awaitable<void> {
        const instant start = world.now();
        co_await world.sleep_until(start - 1h);
        co_await world.sleep_until(start);
        EXPECT_LT(world.now() - start, 10s);
    }(world()));
}

TEST_P(timers, a_cancelled_sleeper_unwinds_at_once) {
    std::string log;
    run([](environment& world, std::string& noted) -> awaitable<void> {
        const instant start = world.now();
        scope sleepers(world.get_executor());
        sleepers.spawn([](environment& inner, std::string& ended) -> awaitable<void> {
            const note_end noted_end{ended, 'x'};
            co_await inner.sleep_until(instant::max());
        }(world, noted));
        co_await world.sleep_for(5ms);
        co_await sleepers.cancel_and_join();
        EXPECT_LT(world.now() - start, 10s);
    }(world(), log));
    EXPECT_EQ(log, "x");
}

TEST_P(timers, a_sleep_that_begins_after_cancellation_throws) {
    std::string log;
    run([](environment& world, std::string& noted) -> awaitable<void> {
        scope sleepers(world.get_executor());
        sleepers.spawn([](environment& inner, std::string& ended) -> awaitable<void> {
            wait_point<bool> go;
            go.deliver(true);
            {
                const note_end noted_end{ended, 'a'};
                try {
                    co_await inner.sleep_until(instant::max());
                } catch (const boost::system::system_error&) {
                    ended.push_back('!');
                }
            }
            co_await inner.sleep_for(1h);
            ended.push_back('?');
        }(world, noted));
        co_await world.sleep_for(5ms);
        co_await sleepers.cancel_and_join();
    }(world(), log));
    EXPECT_EQ(log, "!a");
}

TEST_P(timers, alarms_ring_once_each_when_their_time_has_come) {
    std::string log;
    run([](environment& world, std::string& noted) -> awaitable<void> {
        const instant start = world.now();
        const auto late = world.set_alarm(start + 20ms, [&world, &noted, start] {
            EXPECT_GE(world.now() - start, 20ms);
            noted.push_back('l');
        });
        const auto overdue = world.set_alarm(start, [&noted] { noted.push_back('o'); });
        EXPECT_EQ(noted, "");
        co_await world.sleep_for(60ms);
    }(world(), log));
    EXPECT_EQ(log, "ol");
}

TEST_P(timers, an_alarm_that_died_is_silent) {
    run([](environment& world) -> awaitable<void> {
        int rings = 0;
        auto early = world.set_alarm(world.now() + 10ms, [&rings] { ++rings; });
        early.reset();
        // The sleeper and the alarm are due together, and the sleeper is told first.
        const instant due = world.now() + 20ms;
        scope sleepers(world.get_executor());
        std::unique_ptr<alarm> at_the_last_moment;
        sleepers.spawn(
            [](environment& in, instant until, std::unique_ptr<alarm>& victim) -> awaitable<void> {
                co_await in.sleep_until(until);
                victim.reset();
            }(world, due, at_the_last_moment));
        co_await boost::asio::post(world.get_executor(), frameless);
        at_the_last_moment = world.set_alarm(due, [&rings] { ++rings; });
        co_await sleepers.join();
        co_await world.sleep_for(20ms);
        EXPECT_EQ(rings, 0);
    }(world()));
}

TEST_P(timers, monotonic_time_never_goes_back) {
    run([](environment& world) -> awaitable<void> {
        instant last = world.now();
        for (int step = 0; step < 100; ++step) {
            const instant next = world.now();
            EXPECT_GE(next, last);
            last = next;
            if (step % 10 == 0) co_await world.sleep_for(1ms);
        }
    }(world()));
}

TEST_P(timers, wall_time_moves_with_monotonic_time) {
    run([](environment& world) -> awaitable<void> {
        const wall_instant before = world.wall_time();
        co_await world.sleep_for(30ms);
        EXPECT_GE(world.wall_time() - before, 25ms);
    }(world()));
}

}  // namespace
}  // namespace verdikt::runtime
