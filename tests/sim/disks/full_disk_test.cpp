// A disk that is full: clients' records go elsewhere or wait, and all goes on once there is room.
#include "tests/sim/client_programs/report.h"
#include "tests/sim/disks/disk_cluster.h"

#include <gtest/gtest.h>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using runtime::awaitable;

void fill(disk_machine& which, std::uint64_t left) {
    for (int directory = 0; directory < which.directories(); ++directory) {
        runtime::sim::disk& disk = which.disk(directory);
        disk.set_capacity(disk.used() + left);
    }
}

awaitable<void> fill_one(disk_cluster& with, int victim, std::uint64_t left) {
    fill(with.node(victim), left);
    co_await with.universe().sleep_for(20s);
    with.node(victim).heal();
    EXPECT_TRUE(co_await with.until_each_takes_records(20s)) << with.picture();
    EXPECT_TRUE(co_await with.until_all_in_sync(30s)) << with.picture();
    EXPECT_EQ(with.node(victim).machine().starts(), 1U) << with.picture();
    report(co_await with.judge());
}

TEST(full_disk, a_broker_whose_disk_is_full_to_the_last_byte_goes_on_when_there_is_room) {
    disk_cluster cluster(21);
    cluster.run([&] { return fill_one(cluster, cluster.controller() % 3 + 1, 0); });
}

TEST(full_disk, a_controller_whose_disk_is_full_to_the_last_byte_goes_on_when_there_is_room) {
    for (const std::uint64_t left : {0, 4096, 20'000}) {
        SCOPED_TRACE(left);
        disk_cluster cluster(22 + left);
        cluster.run([&] { return fill_one(cluster, cluster.controller(), left); });
    }
}

TEST(full_disk, all_disks_that_are_full_go_on_when_there_is_room) {
    for (const std::uint64_t left : {0, 8192, 40'000}) {
        SCOPED_TRACE(left);
        disk_cluster cluster(31 + left);
        cluster.run([&]() -> awaitable<void> {
            return [](disk_cluster& with, std::uint64_t bytes) -> awaitable<void> {
                for (disk_machine& each : with.nodes()) fill(each, bytes);
                co_await with.universe().sleep_for(20s);
                for (disk_machine& each : with.nodes()) each.heal();
                EXPECT_TRUE(co_await with.until_each_takes_records(20s)) << with.picture();
                EXPECT_TRUE(co_await with.until_all_in_sync(30s)) << with.picture();
                for (disk_machine& each : with.nodes())
                    EXPECT_EQ(each.machine().starts(), 1U) << with.picture();
                report(co_await with.judge());
            }(cluster, left);
        });
    }
}

}  // namespace
}  // namespace verdikt::tests
