#include "runtime/sim/world.h"
#include "tests/unit/runtime_sim/bytes.h"

#include <gtest/gtest.h>

#include <functional>

namespace verdikt::runtime::sim {
namespace {

using namespace std::chrono_literals;

class sim_disk_test : public testing::Test {
  protected:
    /// Runs the case as the node's program, with an open file at /f.
    void run(std::function<awaitable<void>(environment&, file&)> steps) {
        machine.start([steps](environment& env) -> awaitable<void> {
            auto opened = co_await env.files().open("/f", open_mode::create);
            EXPECT_TRUE(opened.has_value());
            co_await steps(env, **opened);
        });
        universe.run(machine.until_stopped());
        EXPECT_EQ(machine.failure(), nullptr);
    }

    world universe{1};
    node& machine = universe.add_node("a");
    sim::disk& disk = machine.disk();
};

TEST_F(sim_disk_test, a_full_disk_takes_a_prefix_and_says_so) {
    disk.set_capacity(3 * 4096);
    run([this](environment& env, file& data) -> awaitable<void> {
        EXPECT_TRUE((co_await write_text(data, 0, std::string(5000, 'a'))).has_value());
        EXPECT_EQ((co_await env.files().space("/"))->available, 4096U);
        EXPECT_EQ((co_await write_text(data, 5000, std::string(9000, 'b'))).error(),
                  errc::no_space);
        EXPECT_EQ(data.size(), 3U * 4096);
        disk.set_capacity(1 << 20);
        EXPECT_TRUE((co_await write_text(data, data.size(), "room")).has_value());
    });
    EXPECT_EQ(disk.counted().refused, 1U);
}

TEST_F(sim_disk_test, space_comes_back_when_a_file_is_removed_and_closed) {
    run([this](environment& env, file& data) -> awaitable<void> {
        EXPECT_TRUE((co_await write_text(data, 0, std::string(8192, 'a'))).has_value());
        EXPECT_EQ(disk.used(), 8192U);
        EXPECT_TRUE((co_await env.files().remove("/f")).has_value());
        EXPECT_EQ(disk.used(), 8192U);
        EXPECT_EQ(co_await read_text(data, 0, 3), "aaa");
    });
    EXPECT_EQ(disk.used(), 0U);
}

TEST_F(sim_disk_test, an_extended_file_takes_no_space_until_it_is_written) {
    run([this](environment&, file& data) -> awaitable<void> {
        EXPECT_TRUE((co_await data.truncate(10U << 20U)).has_value());
        EXPECT_EQ(disk.used(), 0U);
        EXPECT_TRUE((co_await write_text(data, 5U << 20U, "x")).has_value());
        EXPECT_EQ(disk.used(), 4096U);
        EXPECT_TRUE((co_await data.truncate(0)).has_value());
        EXPECT_EQ(disk.used(), 0U);
    });
}

TEST_F(sim_disk_test, the_next_operations_of_a_kind_fail_and_then_it_works_again) {
    run([this](environment& env, file& data) -> awaitable<void> {
        EXPECT_TRUE((co_await write_text(data, 0, "data")).has_value());
        disk.fail_next(disk_operation::read, 2);
        std::vector<std::byte> buffer(4);
        EXPECT_EQ((co_await data.read_at(0, buffer)).error(), errc::io_error);
        EXPECT_EQ((co_await data.read_at(0, buffer)).error(), errc::io_error);
        EXPECT_EQ(co_await read_text(data, 0, 4), "data");
        disk.fail_next(disk_operation::metadata, 1);
        EXPECT_EQ((co_await env.files().remove("/f")).error(), errc::io_error);
        disk.fail_next(disk_operation::sync, 1);
        EXPECT_EQ((co_await env.files().sync_directory("/")).error(), errc::io_error);
    });
    EXPECT_EQ(disk.counted().errors, 4U);
}

TEST_F(sim_disk_test, a_failed_write_leaves_some_prefix) {
    run([this](environment&, file& data) -> awaitable<void> {
        std::vector<std::uint64_t> sizes;
        for (int attempt = 0; attempt < 20; ++attempt) {
            EXPECT_TRUE((co_await data.truncate(0)).has_value());
            disk.fail_next(disk_operation::write, 1);
            const auto written = co_await write_text(data, 0, std::string(1000, 'x'));
            EXPECT_EQ(written.error(), errc::io_error);
            sizes.push_back(data.size());
        }
        EXPECT_LT(std::ranges::min(sizes), 300U);
        EXPECT_GT(std::ranges::max(sizes), 700U);
    });
}

TEST_F(sim_disk_test, an_error_chance_fails_some_operations_and_not_others) {
    disk.set_error_chance(disk_operation::write, 0.5);
    run([](environment&, file& data) -> awaitable<void> {
        int failed = 0;
        for (int attempt = 0; attempt < 100; ++attempt) {
            failed += (co_await write_text(data, 0, "x")).has_value() ? 0 : 1;
        }
        EXPECT_GT(failed, 20);
        EXPECT_LT(failed, 80);
    });
}

TEST_F(sim_disk_test, a_read_only_disk_reads_and_syncs_but_changes_nothing) {
    run([this](environment& env, file& data) -> awaitable<void> {
        EXPECT_TRUE((co_await write_text(data, 0, "data")).has_value());
        disk.set_read_only(true);
        EXPECT_EQ(co_await read_text(data, 0, 4), "data");
        EXPECT_EQ((co_await write_text(data, 0, "new!")).error(), errc::read_only);
        EXPECT_EQ((co_await data.truncate(0)).error(), errc::read_only);
        EXPECT_EQ((co_await env.files().open("/g", open_mode::create)).error(), errc::read_only);
        EXPECT_TRUE((co_await env.files().open("/f", open_mode::create)).has_value());
        EXPECT_EQ((co_await env.files().rename("/f", "/g")).error(), errc::read_only);
        EXPECT_TRUE((co_await data.sync()).has_value());
    });
}

TEST_F(sim_disk_test, a_slow_disk_takes_its_latency) {
    disk.set_latency(disk_operation::sync, {.base = 2s, .jitter = 1s});
    run([](environment& env, file& data) -> awaitable<void> {
        const instant began = env.now();
        EXPECT_TRUE((co_await data.sync()).has_value());
        EXPECT_GE(env.now() - began, 2s);
        EXPECT_LE(env.now() - began, 3s);
    });
}

TEST_F(sim_disk_test, a_hung_disk_completes_nothing_until_it_thaws_and_then_in_order) {
    std::string order;
    machine.start([&](environment& env) -> awaitable<void> {
        const auto opened = co_await env.files().open("/f", open_mode::create);
        disk.hang();
        scope writers(env.get_executor());
        for (const char letter : std::string("abc")) {
            writers.spawn([](file& to, std::string& noted, char what) -> awaitable<void> {
                EXPECT_TRUE((co_await write_text(to, 0, std::string(1, what))).has_value());
                noted.push_back(what);
            }(**opened, order, letter));
        }
        co_await writers.join();
    });
    universe.run_for(1h);
    EXPECT_EQ(order, "");
    disk.thaw();
    universe.run(machine.until_stopped());
    EXPECT_EQ(order, "abc");
    EXPECT_EQ(as_text(*disk.content("/f")), "c");
}

TEST_F(sim_disk_test, a_process_on_a_hung_disk_can_be_killed) {
    machine.start([&](environment& env) -> awaitable<void> {
        const auto opened = co_await env.files().open("/f", open_mode::create);
        disk.hang();
        co_await write_text(**opened, 0, "never");
        ADD_FAILURE() << "the write completed";
    });
    universe.run_for(1h);
    machine.crash();
    universe.settle();
    EXPECT_FALSE(machine.running());
    disk.thaw();
    universe.run_until_idle();
    EXPECT_EQ(disk.content("/f")->size(), 0U);
}

TEST_F(sim_disk_test, flipped_bits_are_read_back_and_survive_a_power_loss) {
    run([](environment&, file& data) -> awaitable<void> {
        EXPECT_TRUE((co_await write_text(data, 0, std::string(100, 'a'))).has_value());
        EXPECT_TRUE((co_await data.sync()).has_value());
    });
    EXPECT_FALSE(disk.flip_bits("/f", 90, 20, 1));
    EXPECT_TRUE(disk.flip_bits("/f", 50, 10, 1));
    const std::string flipped = as_text(*disk.content("/f"));
    EXPECT_NE(flipped.substr(50, 10), std::string(10, 'a'));
    EXPECT_EQ(flipped.substr(0, 50), std::string(50, 'a'));
    EXPECT_EQ(disk.counted().bits_flipped, 1U);
}

TEST_F(sim_disk_test, healing_ends_every_fault) {
    disk.set_capacity(0);
    disk.set_read_only(true);
    disk.fail_next(disk_operation::write, 100);
    disk.set_error_chance(disk_operation::sync, 1);
    disk.set_latency(disk_operation::write, {.base = 1h});
    disk.hang();
    disk.heal();
    run([](environment& env, file& data) -> awaitable<void> {
        EXPECT_TRUE((co_await write_text(data, 0, "fine")).has_value());
        EXPECT_TRUE((co_await data.sync()).has_value());
        EXPECT_LT(env.now(), instant(1s));
    });
}

}  // namespace
}  // namespace verdikt::runtime::sim
