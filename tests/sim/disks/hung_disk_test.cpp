// A disk that hangs: others take over within a bounded time, and the broker comes back by itself.
#include "tests/sim/client_programs/report.h"
#include "tests/sim/disks/disk_cluster.h"

#include <gtest/gtest.h>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using runtime::awaitable;

/// disk.stall.timeout.ms by default, the looks at it, a heartbeat, and an election of the
/// controllers where one of them hangs too.
constexpr auto noticed_within = 4s + 400ms;
constexpr auto fenced_within = noticed_within + 4s;
/// A client may ask the very broker that hangs who leads, some times, before it asks another.
constexpr auto taken_over_within = fenced_within + 6s;
/// The disk must have answered in time for as long again.
constexpr auto back_within = 4s + 6s;

int not_the_controller(const disk_cluster& cluster) {
    return cluster.controller() % brokers_of_cluster + 1;
}

awaitable<void> hang_and_thaw(disk_cluster& cluster, int victim) {
    cluster.node(victim).hang();
    EXPECT_TRUE(co_await cluster.until([&] { return cluster.is_fenced(victim); }, fenced_within))
        << "broker " << victim << " is not fenced: " << cluster.picture();
    EXPECT_TRUE(co_await cluster.until_each_takes_records(taken_over_within)) << cluster.picture();
    EXPECT_NE(cluster.controller(), victim);
    co_await cluster.universe().sleep_for(20s);
    EXPECT_TRUE(co_await cluster.until_each_takes_records(2s)) << cluster.picture();
    cluster.node(victim).thaw();
    EXPECT_TRUE(co_await cluster.until_all_in_sync(back_within)) << cluster.picture();
    EXPECT_EQ(cluster.node(victim).machine().starts(), 1U);
    EXPECT_TRUE(cluster.node(victim).failures().empty()) << cluster.picture();
    report(co_await cluster.judge());
}

TEST(hung_disk, a_leader_whose_disk_hangs_gives_way_and_comes_back_when_it_thaws) {
    disk_cluster cluster(1);
    cluster.run([&] { return hang_and_thaw(cluster, not_the_controller(cluster)); });
}

TEST(hung_disk, a_controller_whose_disk_hangs_gives_way_and_comes_back_when_it_thaws) {
    disk_cluster cluster(2);
    cluster.run([&] { return hang_and_thaw(cluster, cluster.controller()); });
}

TEST(hung_disk, one_of_two_directories_that_hangs_is_noticed_too) {
    for (const int which : {0, 1}) {
        SCOPED_TRACE(which);
        disk_cluster cluster(3, {.directories = 2});
        cluster.run([&]() -> awaitable<void> {
            return [](disk_cluster& with, int directory) -> awaitable<void> {
                const int victim = with.controller();
                with.node(victim).disk(directory).hang();
                EXPECT_TRUE(
                    co_await with.until([&] { return with.is_fenced(victim); }, fenced_within))
                    << with.picture();
                EXPECT_TRUE(co_await with.until_each_takes_records(taken_over_within))
                    << with.picture();
                with.node(victim).thaw();
                EXPECT_TRUE(co_await with.until_all_in_sync(back_within)) << with.picture();
                report(co_await with.judge());
            }(cluster, which);
        });
    }
}

TEST(hung_disk, a_broker_killed_while_its_disk_hangs_comes_back_after_it_thaws) {
    disk_cluster cluster(4);
    cluster.run([&]() -> awaitable<void> {
        return [](disk_cluster& with) -> awaitable<void> {
            const int victim = with.controller();
            with.node(victim).hang();
            EXPECT_TRUE(co_await with.until_each_takes_records(taken_over_within))
                << with.picture();
            with.node(victim).machine().crash();
            co_await with.node(victim).machine().until_stopped();
            with.node(victim).restart_if_down();
            co_await with.universe().sleep_for(5s);
            EXPECT_EQ(with.node(victim).services(), nullptr);
            with.node(victim).thaw();
            EXPECT_TRUE(co_await with.until_all_in_sync(back_within)) << with.picture();
            report(co_await with.judge());
        }(cluster);
    });
}

/// The disks hang ever later in the start, longer than it takes to be noticed.
TEST(hung_disk, disks_that_hang_during_the_start_hold_the_broker_up_until_it_thaws) {
    disk_cluster cluster(6, {.directories = 2});
    cluster.run([&]() -> awaitable<void> {
        return [](disk_cluster& with) -> awaitable<void> {
            disk_machine& victim = with.node(not_the_controller(with));
            for (auto since_start = 0us; since_start <= 8ms; since_start += 500us) {
                SCOPED_TRACE(since_start.count());
                victim.machine().crash();
                co_await victim.machine().until_stopped();
                victim.restart_if_down();
                co_await with.universe().sleep_for(since_start);
                victim.hang();
                co_await with.universe().sleep_for(2 * noticed_within);
                victim.thaw();
                EXPECT_TRUE(co_await with.until_all_in_sync(back_within)) << with.picture();
                EXPECT_TRUE(victim.failures().empty()) << with.picture();
            }
            report(co_await with.judge());
        }(cluster);
    });
}

/// Nobody could take over, and nobody can hear of it either: what waits goes on when they thaw.
TEST(hung_disk, all_disks_that_hang_and_thaw_lose_nothing) {
    disk_cluster cluster(5);
    cluster.run([&]() -> awaitable<void> {
        return [](disk_cluster& with) -> awaitable<void> {
            for (disk_machine& each : with.nodes()) each.hang();
            co_await with.universe().sleep_for(15s);
            for (disk_machine& each : with.nodes()) each.thaw();
            EXPECT_TRUE(co_await with.until_each_takes_records(20s)) << with.picture();
            EXPECT_TRUE(co_await with.until_all_in_sync(20s)) << with.picture();
            report(co_await with.judge());
        }(cluster);
    });
}

}  // namespace
}  // namespace verdikt::tests
