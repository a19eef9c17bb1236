// One of several disks that fails, or is replaced (KIP-112, KIP-858).
#include "tests/sim/client_programs/report.h"
#include "tests/sim/disks/disk_cluster.h"

#include <gtest/gtest.h>

#include <set>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using runtime::awaitable;
using runtime::sim::disk_operation;

/// What the controller knows of the directories of one broker's replicas.
bool all_directories_are_known(const disk_cluster& cluster) {
    for (int which = 0; which < disk_cluster::partitions; ++which) {
        const auto* known = cluster.partition(which);
        if (known == nullptr) return false;
        for (const kafka::uuid& each : known->directories) {
            if (each.is_zero()) return false;
        }
    }
    return true;
}

bool is_in_sync(const disk_cluster& cluster, int number, int which) {
    const auto* known = cluster.partition(which);
    return known != nullptr && broker::metadata::contains(known->isr, kafka::node_id(number));
}

std::vector<int> partitions_in(const disk_cluster& cluster, int number, int directory) {
    std::vector<int> found;
    for (int which = 0; which < disk_cluster::partitions; ++which) {
        if (cluster.directory_of(number, which) == directory) found.push_back(which);
    }
    return found;
}

void fail(runtime::sim::disk& which) {
    which.set_error_chance(disk_operation::write, 1);
    which.set_error_chance(disk_operation::sync, 1);
    which.set_error_chance(disk_operation::metadata, 1);
}

TEST(failed_disk, partitions_are_spread_over_the_directories_and_the_controller_knows_where) {
    disk_cluster cluster(11, {.directories = 2});
    cluster.run([&]() -> awaitable<void> {
        return [](disk_cluster& with) -> awaitable<void> {
            EXPECT_TRUE(co_await with.until([&] { return all_directories_are_known(with); }, 5s));
            for (int number = 1; number <= brokers_of_cluster; ++number) {
                EXPECT_EQ(
                    partitions_in(with, number, 0).size() + partitions_in(with, number, 1).size(),
                    static_cast<std::size_t>(disk_cluster::partitions));
                EXPECT_FALSE(partitions_in(with, number, 0).empty());
                EXPECT_FALSE(partitions_in(with, number, 1).empty());
            }
        }(cluster);
    });
}

awaitable<void> fail_and_replace(disk_cluster& with, bool stays_broken_at_first) {
    EXPECT_TRUE(co_await with.until([&] { return all_directories_are_known(with); }, 5s));
    const int victim = 2;
    const std::vector<int> lost = partitions_in(with, victim, 1);
    const std::vector<int> kept = partitions_in(with, victim, 0);
    fail(with.node(victim).disk(1));
    EXPECT_TRUE(co_await with.until([&] { return !is_in_sync(with, victim, lost.front()); }, 5s))
        << with.picture();
    EXPECT_TRUE(co_await with.until_each_takes_records(5s)) << with.picture();
    for (const int which : lost) {
        EXPECT_FALSE(is_in_sync(with, victim, which)) << which;
        EXPECT_NE(with.leader_of(which), victim);
    }
    for (const int which : kept) EXPECT_TRUE(is_in_sync(with, victim, which)) << which;
    EXPECT_NE(with.node(victim).services(), nullptr) << with.picture();

    with.node(victim).machine().crash();
    co_await with.node(victim).machine().until_stopped();
    if (stays_broken_at_first) {
        with.node(victim).restart_if_down();
        EXPECT_TRUE(
            co_await with.until([&] { return is_in_sync(with, victim, kept.front()); }, 20s))
            << with.picture();
        // To start over in the directory that is left would pass an empty log for the lost one.
        for (const int which : lost) EXPECT_EQ(with.directory_of(victim, which), std::nullopt);
        with.node(victim).machine().crash();
        co_await with.node(victim).machine().until_stopped();
    }
    with.node(victim).heal();
    with.node(victim).replace_disk(1);
    with.node(victim).restart_if_down();
    EXPECT_TRUE(co_await with.until_all_in_sync(20s)) << with.picture();
    report(co_await with.judge());
}

TEST(failed_disk, only_its_own_partitions_move_and_an_empty_disk_in_its_place_is_filled_again) {
    disk_cluster cluster(12, {.directories = 2});
    cluster.run([&] { return fail_and_replace(cluster, false); });
}

TEST(failed_disk, a_broker_starts_without_the_broken_one_and_does_not_start_over_elsewhere) {
    disk_cluster cluster(13, {.directories = 2});
    cluster.run([&] { return fail_and_replace(cluster, true); });
}

TEST(failed_disk, that_of_the_metadata_log_ends_the_broker_with_the_reason) {
    disk_cluster cluster(14, {.directories = 2});
    cluster.run([&]() -> awaitable<void> {
        return [](disk_cluster& with) -> awaitable<void> {
            const int victim = with.controller();
            with.node(victim).disk(0).fail_next(disk_operation::sync, 1'000'000);
            EXPECT_TRUE(
                co_await with.until([&] { return !with.node(victim).machine().running(); }, 30s))
                << with.picture();
            EXPECT_EQ(with.node(victim).failures().size(), 1U);
            EXPECT_TRUE(co_await with.until_each_takes_records(15s)) << with.picture();
            with.node(victim).heal();
            with.node(victim).restart_if_down();
            EXPECT_TRUE(co_await with.until_all_in_sync(20s)) << with.picture();
            report(co_await with.judge());
        }(cluster);
    });
}

/// The disk fails ever later in the start; whoever has no other must not stay up and serve nobody.
TEST(failed_disk, a_broker_whose_only_disk_fails_during_the_start_ends) {
    disk_cluster cluster(17);
    cluster.run([&]() -> awaitable<void> {
        return [](disk_cluster& with) -> awaitable<void> {
            disk_machine& victim = with.node(2);
            for (auto since_start = 0ms; since_start <= 120ms; since_start += 6ms) {
                SCOPED_TRACE(since_start.count());
                victim.machine().crash();
                co_await victim.machine().until_stopped();
                victim.restart_if_down();
                co_await with.universe().sleep_for(since_start);
                fail(victim.disk(0));
                EXPECT_TRUE(co_await with.until([&] { return !victim.machine().running(); }, 10s))
                    << with.picture();
                victim.heal();
                victim.restart_if_down();
                EXPECT_TRUE(co_await with.until_all_in_sync(20s)) << with.picture();
            }
            report(co_await with.judge());
        }(cluster);
    });
}

}  // namespace
}  // namespace verdikt::tests
