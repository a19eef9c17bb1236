// The raft host's real code, three to seven programs over real links, simulated networks and disks
// that lose what was not synced.
#include "tests/sim/for_each_seed.h"
#include "tests/sim/quorum/storm.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace verdikt::tests {
namespace {

constexpr std::uint64_t seeds_in_ci = 60;

void add(quorum_counts& sum, const quorum_counts& more) {
    sum.appended += more.appended;
    sum.refused += more.refused;
    sum.elected += more.elected;
    sum.leaderships_lost += more.leaderships_lost;
    sum.snapshots_taken += more.snapshots_taken;
    sum.snapshots_found += more.snapshots_found;
    sum.snapshots_fetched += more.snapshots_fetched;
    sum.disk_failures += more.disk_failures;
    sum.truncations += more.truncations;
    sum.voters_changed += more.voters_changed;
    sum.voter_changes_refused += more.voter_changes_refused;
}

TEST(quorum_storm, what_is_committed_stays_and_is_the_same_everywhere) {
    quorum_counts sum;
    std::uint64_t seeds = 0;
    std::uint64_t committed = 0;
    std::uint64_t sectors_lost = 0;
    runtime::duration slowest{};
    runtime::sim::for_each_seed(seeds_in_ci, [&](std::uint64_t seed) {
        const quorum_outcome outcome = run_quorum_storm(seed);
        EXPECT_FALSE(outcome.violation.has_value()) << *outcome.violation;
        add(sum, outcome.counts);
        committed += outcome.records_committed;
        sectors_lost += outcome.sectors_lost;
        slowest = std::max(slowest, outcome.recovery);
        ++seeds;
    });
    fmt::print(
        "{} seeds: {} records committed, {} elected, {} leaderships lost, {} snapshots taken, {} "
        "found, {} "
        "fetched, {} truncations, {} disk failures, {} voters changed ({} refused), {} sectors "
        "lost, slowest "
        "recovery {} ms\n",
        seeds,
        committed,
        sum.elected,
        sum.leaderships_lost,
        sum.snapshots_taken,
        sum.snapshots_found,
        sum.snapshots_fetched,
        sum.truncations,
        sum.disk_failures,
        sum.voters_changed,
        sum.voter_changes_refused,
        sectors_lost,
        std::chrono::duration_cast<std::chrono::milliseconds>(slowest).count());
    if (seeds < seeds_in_ci) return;  // A replay.
    EXPECT_GT(committed, 10'000U);
    EXPECT_GT(sum.elected, 200U);
    EXPECT_GT(sum.leaderships_lost, 20U);
    EXPECT_GT(sum.snapshots_taken, 200U);
    EXPECT_GT(sum.snapshots_found, 50U);
    EXPECT_GT(sum.snapshots_fetched, 20U);
    EXPECT_GT(sum.truncations, 3U);
    EXPECT_GT(sum.disk_failures, 10U);
    EXPECT_GT(sum.voters_changed, 10U);
    EXPECT_GT(sectors_lost, 10U);
}

TEST(quorum_storm, of_one_seed_is_always_the_same) {
    EXPECT_EQ(run_quorum_storm(3).trace_hash, run_quorum_storm(3).trace_hash);
}

}  // namespace
}  // namespace verdikt::tests
