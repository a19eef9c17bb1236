// Three brokers, our client and everything that goes wrong between them: what was acknowledged with
// acks=all is there once, where it was said to be, and the same on all three.
#include "tests/sim/cluster/cluster_storm.h"
#include "tests/sim/client_programs/report.h"
#include "tests/sim/for_each_seed.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t seeds = 12;

double in_seconds(runtime::duration span) {
    return std::chrono::duration<double>(span).count();
}

TEST(cluster_storm, what_a_majority_acknowledged_is_there_once_and_the_same_everywhere) {
    cluster_marks all;
    runtime::duration simulated{};
    runtime::duration slowest{};
    std::uint64_t starts = 0;
    std::uint64_t clean_ends = 0;
    runtime::sim::for_each_seed(seeds, [&](std::uint64_t seed) {
        const cluster_outcome outcome = run_cluster_storm(seed, {});
        report(outcome.violations);
        all.add(outcome.reached);
        simulated += outcome.simulated;
        slowest = std::max(slowest, outcome.recovery);
        starts += outcome.starts;
        clean_ends += outcome.clean_ends;
    });
    fmt::print(
        "{:.0f} simulated seconds, {} lives of brokers ({} ended cleanly), slowest recovery "
        "{:.1f} s\n{}",
        in_seconds(simulated),
        starts,
        clean_ends,
        in_seconds(slowest),
        all.text());
    if (runtime::sim::seeds_from_environment(seeds).count < seeds) return;
    EXPECT_GT(all.counted(mark::delivered), 10'000U);
    EXPECT_GE(all.reached(), marks * 4 / 5);
}

TEST(cluster_storm, a_seed_replays_bit_for_bit) {
    const cluster_storm_form form{.span = 10s};
    EXPECT_EQ(run_cluster_storm(1, form).trace_hash, run_cluster_storm(1, form).trace_hash);
}

// What no replica has on stable storage is lost when all lose power at once; a judge that does not
// see that sees nothing.
TEST(cluster_storm, in_page_cache_mode_blackouts_do_lose_acknowledged_records) {
    std::size_t seeds_with_losses = 0;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const cluster_outcome outcome = run_cluster_storm(seed, {.span = 20s, .durable = false});
        seeds_with_losses += outcome.violations.empty() ? 0 : 1;
    }
    EXPECT_GT(seeds_with_losses, 0U);
}

}  // namespace
}  // namespace verdikt::tests
