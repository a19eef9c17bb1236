/// Contract: giving up waiting.
#include "runtime/deadline.h"

#include "runtime/notification.h"
#include "tests/unit/runtime/bench.h"

#include <stdexcept>
#include <string>

namespace verdikt::runtime {
namespace {

using namespace std::chrono_literals;

class deadlines : public world_test {};
INSTANTIATE_TEST_SUITE_P(each_world, deadlines, testing::ValuesIn(worlds()), name_of_world);

awaitable<int> value_after(environment& world, duration span, int value) {
    co_await world.sleep_for(span);
    co_return value;
}

awaitable<int> wait_for_ever(notification& never, bool& unwound) {
    struct mark {
        bool& ended;
        ~mark() { ended = true; }
    };
    const mark marked{unwound};
    co_await never.wait();
    co_return 0;
}

TEST_P(deadlines, a_value_that_comes_first_is_returned) {
    run([](environment& world) -> awaitable<void> {
        const auto value =
            co_await with_deadline(world, world.now() + 1h, value_after(world, 1ms, 7));
        EXPECT_EQ(value, std::optional(7));
    }(world()));
}

TEST_P(deadlines, a_value_that_needs_no_waiting_beats_a_deadline_that_has_passed) {
    run([](environment& world) -> awaitable<void> {
        auto at_once = []() -> awaitable<int> { co_return 3; };
        const auto value = co_await with_deadline(world, world.now() + 1h, at_once());
        EXPECT_EQ(value, std::optional(3));
    }(world()));
}

TEST_P(deadlines, a_deadline_that_comes_first_cancels_the_work_and_waits_for_its_end) {
    bool unwound = false;
    run([](environment& world, bool& ended) -> awaitable<void> {
        notification never;
        const auto value =
            co_await with_deadline(world, world.now() + 10ms, wait_for_ever(never, ended));
        EXPECT_EQ(value, std::nullopt);
        EXPECT_TRUE(ended);
        EXPECT_EQ(never.waiting(), 0U);
    }(world(), unwound));
}

TEST_P(deadlines, work_without_a_value_tells_whether_it_finished) {
    run([](environment& world) -> awaitable<void> {
        EXPECT_TRUE(co_await with_deadline(world, world.now() + 1h, world.sleep_for(1ms)));
        EXPECT_FALSE(co_await with_deadline(world, world.now() + 5ms, world.sleep_for(1h)));
    }(world()));
}

TEST_P(deadlines, an_exception_of_the_work_passes_through) {
    run([](environment& world) -> awaitable<void> {
        auto broken = [](environment& inner) -> awaitable<int> {
            co_await inner.sleep_for(1ms);
            throw std::runtime_error("broken");
        };
        std::string caught;
        try {
            co_await with_deadline(world, world.now() + 1h, broken(world));
        } catch (const std::runtime_error& error) {
            caught = error.what();
        }
        EXPECT_EQ(caught, "broken");
    }(world()));
}

TEST_P(deadlines, an_inner_deadline_leaves_the_outer_one_alone) {
    run([](environment& world) -> awaitable<void> {
        auto nested = [](environment& inner) -> awaitable<bool> {
            co_return co_await with_deadline(inner, inner.now() + 5ms, inner.sleep_for(1h));
        };
        const auto finished = co_await with_deadline(world, world.now() + 1h, nested(world));
        EXPECT_EQ(finished, std::optional(false));
    }(world()));
}

TEST_P(deadlines, an_outer_deadline_ends_the_inner_wait) {
    run([](environment& world) -> awaitable<void> {
        auto nested = [](environment& inner) -> awaitable<bool> {
            co_return co_await with_deadline(inner, inner.now() + 2h, inner.sleep_for(1h));
        };
        const instant start = world.now();
        const auto finished = co_await with_deadline(world, start + 5ms, nested(world));
        EXPECT_EQ(finished, std::nullopt);
        EXPECT_LT(world.now() - start, 10s);
    }(world()));
}

TEST_P(deadlines, cancelling_the_caller_cancels_the_work) {
    bool unwound = false;
    bool went_on = false;
    run([](environment& world, bool& ended, bool& after) -> awaitable<void> {
        notification never;
        scope callers(world.get_executor());
        callers.spawn([](environment& inner, notification& waits, bool& work_ended, bool& resumed)
                          -> awaitable<void> {
            co_await with_deadline(inner, inner.now() + 1h, wait_for_ever(waits, work_ended));
            resumed = true;
        }(world, never, ended, after));
        co_await world.sleep_for(5ms);
        co_await callers.cancel_and_join();
    }(world(), unwound, went_on));
    EXPECT_TRUE(unwound);
    EXPECT_FALSE(went_on);
}

}  // namespace
}  // namespace verdikt::runtime
