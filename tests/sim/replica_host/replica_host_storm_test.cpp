// Seeded storms over three brokers with real hosts, disks and connections of the simulated world.
#include "tests/sim/for_each_seed.h"
#include "tests/sim/replica_host/storm.h"

#include <cstdio>

namespace verdikt::tests {
namespace {

TEST(replica_host_storm, keeps_what_was_acknowledged_and_all_logs_equal) {
    storm_report total;
    std::uint64_t seeds = 0;
    runtime::sim::for_each_seed(60, [&](std::uint64_t seed) {
        const storm_report report = run_storm(seed);
        EXPECT_TRUE(report.violations.empty()) << report.violations.front();
        ++seeds;
        total.simulated_seconds += report.simulated_seconds;
        total.acknowledged += report.acknowledged;
        total.deletions += report.deletions;
        total.starts += report.starts;
        total.leader_epochs += report.leader_epochs;
        total.partition_epochs += report.partition_epochs;
        total.sectors_lost += report.sectors_lost;
        total.io_errors += report.io_errors;
        total.connections_broken += report.connections_broken;
    });
    std::printf(
        "  %llu seeds, %.0f simulated seconds, %zu acknowledged, %zu deletions, "
        "%llu starts, "
        "%llu leaderships, %llu changes of partitions, %llu sectors lost, %llu I/O errors, "
        "%llu connections broken\n",
        static_cast<unsigned long long>(seeds),
        total.simulated_seconds,
        total.acknowledged,
        total.deletions,
        static_cast<unsigned long long>(total.starts),
        static_cast<unsigned long long>(total.leader_epochs),
        static_cast<unsigned long long>(total.partition_epochs),
        static_cast<unsigned long long>(total.sectors_lost),
        static_cast<unsigned long long>(total.io_errors),
        static_cast<unsigned long long>(total.connections_broken));
    if (seeds < 20 || HasFailure()) return;
    EXPECT_GT(total.acknowledged, 100 * seeds);
    EXPECT_GT(total.deletions, seeds / 4);
    EXPECT_GT(total.starts, 3 * seeds);
    EXPECT_GT(total.leader_epochs, 2 * seeds);
    EXPECT_GT(total.sectors_lost, 0U);
}

TEST(replica_host_canary, a_cluster_that_believes_the_page_cache_is_found_out) {
    bool is_found_out = false;
    for (std::uint64_t seed = 1; seed <= 60 && !is_found_out; ++seed) {
        is_found_out = !run_storm(seed, misdeed::believes_the_page_cache).violations.empty();
    }
    EXPECT_TRUE(is_found_out);
}

TEST(replica_host_storm, is_the_same_twice) {
    EXPECT_EQ(run_storm(7).trace_hash, run_storm(7).trace_hash);
}

}  // namespace
}  // namespace verdikt::tests
