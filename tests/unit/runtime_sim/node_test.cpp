#include "runtime/sim/node.h"

#include "runtime/sim/world.h"
#include "tests/unit/runtime_sim/bytes.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace verdikt::runtime::sim {
namespace {

using namespace std::chrono_literals;

class sim_node_test : public testing::Test {
  protected:
    world universe{1};
    node& machine = universe.add_node("a");
};

TEST_F(sim_node_test, a_program_that_ends_leaves_its_node_stopped) {
    machine.start([](environment& env) -> awaitable<void> { co_await env.sleep_for(1s); });
    EXPECT_TRUE(machine.running());
    universe.run_until_idle();
    EXPECT_FALSE(machine.running());
    EXPECT_EQ(machine.failure(), nullptr);
}

TEST_F(sim_node_test, what_a_program_throws_is_kept_for_the_test) {
    machine.start([](environment&) -> awaitable<void> {
        throw std::runtime_error("cannot start");
        co_return;
    });
    universe.run_until_idle();
    ASSERT_NE(machine.failure(), nullptr);
    EXPECT_THROW(std::rethrow_exception(machine.failure()), std::runtime_error);
}

TEST_F(sim_node_test, a_crash_unwinds_the_program_without_time_passing) {
    bool unwound = false;
    machine.start([&unwound](environment& env) -> awaitable<void> {
        struct note {
            bool& noted;
            ~note() { noted = true; }
        } const at_end{unwound};
        co_await env.sleep_for(1h);
    });
    universe.run_for(1s);
    machine.crash();
    EXPECT_FALSE(machine.running());
    universe.settle();
    EXPECT_TRUE(unwound);
    EXPECT_EQ(machine.failure(), nullptr);
    EXPECT_EQ(universe.now(), instant(1s));
}

TEST_F(sim_node_test, nothing_that_a_dead_program_still_does_has_an_effect) {
    machine.start([](environment& env) -> awaitable<void> {
        std::exception_ptr interrupted;
        try {
            co_await env.sleep_for(1h);
        } catch (...) {
            interrupted = std::current_exception();
        }
        // A program that clings to life: whatever it tries now must fail.
        env.log().write(log_level::error, "still_here");
        const auto opened = co_await env.files().open("/late", open_mode::create);
        ADD_FAILURE() << "a dead program opened a file";
    });
    universe.run_for(1s);
    machine.crash();
    universe.run_until_idle();
    EXPECT_TRUE(machine.disk().files_below("/").empty());
    EXPECT_EQ(universe.report().find("still_here"), std::string::npos);
}

TEST_F(sim_node_test, a_restart_right_after_a_crash_waits_for_the_old_program_to_unwind) {
    int lives = 0;
    bool old_one_left = false;
    machine.start([&](environment& env) -> awaitable<void> {
        ++lives;
        struct note {
            bool& left;
            ~note() { left = false; }
        } const at_end{old_one_left};
        EXPECT_FALSE(old_one_left);
        old_one_left = true;
        co_await env.sleep_for(1h);
    });
    universe.run_for(1s);
    machine.crash();
    machine.restart();
    EXPECT_TRUE(machine.running());
    universe.run_for(1s);
    EXPECT_EQ(lives, 2);
    EXPECT_EQ(machine.starts(), 2U);
    universe.end();  // The program refers to what dies with this test.
}

TEST_F(sim_node_test, each_life_begins_at_monotonic_zero_with_a_random_stream_of_its_own) {
    std::vector<std::uint64_t> drawn;
    machine.start([&](environment& env) -> awaitable<void> {
        EXPECT_EQ(env.now(), instant(0s));
        drawn.push_back(env.random().next());
        co_await env.sleep_for(1h);
    });
    universe.run_for(5s);
    machine.crash();
    machine.restart();
    universe.run_for(5s);
    ASSERT_EQ(drawn.size(), 2U);
    EXPECT_NE(drawn[0], drawn[1]);
}

TEST_F(sim_node_test, a_crash_keeps_what_was_written_and_never_synced) {
    machine.start([](environment& env) -> awaitable<void> {
        const auto opened = co_await env.files().open("/f", open_mode::create);
        EXPECT_TRUE((co_await write_text(**opened, 0, "written")).has_value());
        co_await env.sleep_for(1h);
    });
    universe.run_for(1s);
    machine.crash();
    universe.settle();
    ASSERT_TRUE(machine.disk().content("/f").has_value());
    EXPECT_EQ(as_text(*machine.disk().content("/f")), "written");
}

TEST_F(sim_node_test, a_lock_holds_within_one_life_and_falls_with_it) {
    machine.start([](environment& env) -> awaitable<void> {
        const auto held = co_await env.files().lock("/.lock");
        EXPECT_TRUE(held.has_value());
        const auto again = co_await env.files().lock("/.lock");
        EXPECT_EQ(again.error(), errc::locked);
        co_await env.sleep_for(1h);
    });
    universe.run_for(1s);
    machine.crash();
    machine.restart();
    universe.run_for(1s);
    EXPECT_EQ(machine.failure(), nullptr);
    EXPECT_TRUE(machine.running());
}

TEST_F(sim_node_test, a_lock_given_back_can_be_taken_again) {
    machine.start([](environment& env) -> awaitable<void> {
        {
            const auto held = co_await env.files().lock("/.lock");
        }
        EXPECT_TRUE((co_await env.files().lock("/.lock")).has_value());
    });
    universe.run_until_idle();
}

TEST_F(sim_node_test, a_write_under_way_at_a_crash_happens_in_full_in_part_or_not_at_all) {
    std::size_t full = 0;
    std::size_t part = 0;
    std::size_t none = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        world other(seed);
        node& killed = other.add_node("k");
        killed.disk().set_latency(disk_operation::write, {.base = 1s});
        killed.start([](environment& env) -> awaitable<void> {
            const auto opened = co_await env.files().open("/f", open_mode::create);
            co_await write_text(**opened, 0, std::string(1000, 'x'));
            ADD_FAILURE() << "the write outlived its process";
        });
        other.run_for(500ms);
        killed.crash();
        other.settle();
        const std::size_t size = killed.disk().content("/f")->size();
        ++(size == 0 ? none : size == 1000 ? full : part);
    }
    EXPECT_GT(full, 10U);
    EXPECT_GT(part, 10U);
    EXPECT_EQ(full + part + none, 200U);
}

TEST_F(sim_node_test, another_disk_holds_what_is_below_its_mount_point) {
    disk& second = machine.add_disk("/data/b");
    machine.start([](environment& env) -> awaitable<void> {
        for (const char* directory : {"/data/a", "/data/b", "/data/bc"}) {
            EXPECT_TRUE((co_await env.files().create_directories(directory)).has_value());
            const auto path = std::filesystem::path(directory) / "f";
            EXPECT_TRUE((co_await env.files().open(path, open_mode::create)).has_value());
        }
        EXPECT_EQ((co_await env.files().rename("/data/a/f", "/data/b/g")).error(),
                  errc::not_permitted);
    });
    universe.run_until_idle();
    using paths = std::vector<std::filesystem::path>;
    EXPECT_EQ(second.files_below("/"), paths{"/data/b/f"});
    EXPECT_EQ(machine.disk().files_below("/"), (paths{"/data/a/f", "/data/bc/f"}));
}

}  // namespace
}  // namespace verdikt::runtime::sim
