#include "tests/nemesis/in_lab.h"

#include <gtest/gtest.h>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using namespace nemesis;

/// What a host's program said that makes a file on a node's disk.
runtime::awaitable<std::string> error_of_making_a_file(lab& where, std::int32_t node) {
    const auto file = (where.folder_of(node) / "data" / "probe").string();
    const auto ended = co_await where.run(node, {"touch", file});
    EXPECT_TRUE(ended.has_value()) << ended.error();
    co_return ended ? ended->errors : "";
}

runtime::awaitable<bool> ends_by_itself(runtime::real::world& world,
                                        lab& where,
                                        std::int32_t node) {
    const auto until = world.now() + 20s;
    while (world.now() < until) {
        if (co_await where.is_running(node) == false) co_return true;
        co_await world.sleep_for(50ms);
    }
    co_return false;
}

TEST_F(lab_here, a_disk_fills_up_and_has_room_again) {
    in_lab([](runtime::real::world& world, lab& where) -> runtime::awaitable<void> {
        (void)co_await controller_of(world, where);
        EXPECT_FALSE(where.refusal(fault_kind::disk_full).has_value());
        const evidence full = co_await applied(where, 1, {2, fill_disk{}});
        EXPECT_TRUE(full.bit) << full.text;
        co_await healed(where, 1, 2);
        const auto file = (where.folder_of(2) / "data" / "room").string();
        const auto written =
            co_await where.run(2, {"bash", "-c", "head -c 1M /dev/zero > " + file});
        EXPECT_EQ(written->exit_code, 0) << written->errors;
    });
}

TEST_F(lab_here, a_read_only_disk_ends_its_broker_which_is_back_when_it_takes_writes_again) {
    in_lab_with(fault_kind::disk_read_only,
                [](runtime::real::world& world, lab& where) -> runtime::awaitable<void> {
                    EXPECT_TRUE((co_await make_topic(world, where, "before", 20s)).has_value());
                    co_await applied(where, 1, {2, freeze_disk{}});
                    EXPECT_TRUE((co_await error_of_making_a_file(where, 2)).contains("Read-only"));
                    EXPECT_EQ(co_await error_of_making_a_file(where, 3), "") << "a disk of its own";
                    // Not all its replicas can be had, so this fails; but it is written down.
                    (void)co_await make_topic(world, where, "during", 2s);
                    EXPECT_TRUE(co_await ends_by_itself(world, where, 2));
                    const evidence seen = co_await healed(where, 1, 2);
                    EXPECT_TRUE(seen.bit) << seen.text;
                    EXPECT_GT(seen.counts.at("calls_refused"), 0) << seen.text;
                    EXPECT_TRUE(seen.text.contains("started again")) << seen.text;
                    EXPECT_EQ(co_await error_of_making_a_file(where, 2), "");
                    const auto whole = co_await make_topic(world, where, "before", 30s);
                    EXPECT_TRUE(whole.has_value()) << whole.error();
                });
}

TEST_F(lab_here, a_read_only_disk_leaves_a_broker_down_that_another_fault_took_down) {
    in_lab_with(fault_kind::disk_read_only,
                [](runtime::real::world& world, lab& where) -> runtime::awaitable<void> {
                    (void)co_await controller_of(world, where);
                    co_await applied(where, 1, {2, freeze_disk{}});
                    EXPECT_TRUE((co_await applied(where, 2, {2, kill_process{}})).bit);
                    const auto again = co_await where.apply(3, {2, freeze_disk{}}, 1s);
                    EXPECT_EQ(again.error(), "another fault of its kind is open on this host");
                    co_await healed(where, 1, 2);
                    EXPECT_EQ(co_await where.is_running(2), false);
                    EXPECT_EQ(co_await error_of_making_a_file(where, 2), "");
                    co_await healed(where, 2, 2);
                    const auto whole = co_await make_topic(world, where, "after", 30s);
                    EXPECT_TRUE(whole.has_value()) << whole.error();
                });
}

TEST_F(lab_here, a_broker_that_writes_nothing_meanwhile_is_left_as_it_is) {
    in_lab_with(fault_kind::disk_read_only,
                [](runtime::real::world& world, lab& where) -> runtime::awaitable<void> {
                    (void)co_await controller_of(world, where);
                    EXPECT_TRUE((co_await applied(where, 1, {2, pause_process{}})).bit);
                    co_await applied(where, 2, {2, freeze_disk{}});
                    const evidence seen = co_await healed(where, 2, 2);
                    EXPECT_FALSE(seen.bit);
                    EXPECT_EQ(seen.text, "0 calls of the broker refused");
                    EXPECT_GT((co_await healed(where, 1, 2)).counts.at("paused_ms"), 0);
                    const auto whole = co_await make_topic(world, where, "after", 30s);
                    EXPECT_TRUE(whole.has_value()) << whole.error();
                });
}

}  // namespace
}  // namespace verdikt::tests
