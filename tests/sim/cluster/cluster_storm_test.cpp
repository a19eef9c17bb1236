// Three or five brokers, our client and everything that goes wrong between them: what was
// acknowledged with acks=all is there once, where it was said to be, and the same on all replicas.
#include "tests/sim/cluster/cluster_storm.h"

#include "runtime/sim/seeds.h"
#include "tests/sim/client_programs/report.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;

/// The seeds are split, so that as many processors as there are work on them.
constexpr int parts = 4;
constexpr std::uint64_t seeds_a_part = 75;

double in_seconds(runtime::duration span) {
    return std::chrono::duration<double>(span).count();
}

/// What all seeds came to.
struct tally {
    cluster_marks marks;
    std::uint64_t seeds = 0;
    std::uint64_t starts = 0;
    std::uint64_t clean_ends = 0;
    runtime::duration simulated{};
    runtime::duration shortest = runtime::duration::max();
    runtime::duration slowest_recovery{};
    std::uint64_t slowest_seed = 0;

    void add(std::uint64_t seed, const cluster_outcome& outcome) {
        marks.add(outcome.reached);
        ++seeds;
        starts += outcome.starts;
        clean_ends += outcome.clean_ends;
        simulated += outcome.simulated;
        shortest = std::min(shortest, outcome.simulated);
        if (outcome.recovery <= slowest_recovery) return;
        slowest_recovery = outcome.recovery;
        slowest_seed = seed;
    }

    [[nodiscard]] std::string text() const {
        return fmt::format(
            "{} seeds, {:.0f} simulated seconds (at least {:.1f} each), {} lives of brokers ({} "
            "ended cleanly), slowest recovery {:.1f} s (seed {})\n{}",
            seeds,
            in_seconds(simulated),
            in_seconds(shortest),
            starts,
            clean_ends,
            in_seconds(slowest_recovery),
            slowest_seed,
            marks.text());
    }
};

bool are_seeds_chosen() {
    for (const char* const each : {"VERDIKT_SEED", "VERDIKT_SEEDS", "VERDIKT_FIRST_SEED"}) {
        if (std::getenv(each) != nullptr) return true;
    }
    return false;
}

/// Those chosen by the environment; else those of the part.
runtime::sim::seed_range seeds_of(int part) {
    if (are_seeds_chosen()) return runtime::sim::seeds_from_environment(seeds_a_part);
    return {.first = 1 + static_cast<std::uint64_t>(part) * seeds_a_part, .count = seeds_a_part};
}

class cluster_storm : public testing::TestWithParam<int> {};

TEST_P(cluster_storm, what_a_majority_acknowledged_is_there_once_and_the_same_everywhere) {
    if (are_seeds_chosen() && GetParam() > 0) GTEST_SKIP() << "part 0 runs the seeds chosen";
    runtime::sim::set_replay_command(testing::internal::GetArgvs().front() +
                                     " --gtest_filter=part/cluster_storm.*/0");
    const runtime::sim::seed_range seeds = seeds_of(GetParam());
    tally all;
    for (std::uint64_t seed = seeds.first; seed != seeds.end() && !HasFailure(); ++seed) {
        SCOPED_TRACE("replay: " + runtime::sim::replay_command(seed));
        const cluster_outcome outcome = run_cluster_storm(seed, {});
        report(outcome.violations);
        all.add(seed, outcome);
    }
    fmt::print("{}", all.text());
    if (all.seeds < seeds_a_part) return;
    EXPECT_EQ(all.marks.missing(), "");
    EXPECT_GE(all.shortest, 60s);
}

INSTANTIATE_TEST_SUITE_P(part, cluster_storm, testing::Range(0, parts));

// docs/track-record.md tells what each of them found. They mean something else once the storm draws
// otherwise; what is direct about them stands in unit tests.
TEST(cluster_storm_again, seeds_that_found_something_find_nothing_more) {
    for (const std::uint64_t seed :
         {40112, 56089, 60118, 60145, 102516, 102750, 103165, 173667, 180749}) {
        SCOPED_TRACE("replay: " + runtime::sim::replay_command(seed));
        report(run_cluster_storm(seed, {}).violations);
    }
}

TEST(cluster_storm_itself, replays_a_seed_bit_for_bit) {
    const cluster_storm_form form{.span = 10s};
    EXPECT_EQ(run_cluster_storm(1, form).trace_hash, run_cluster_storm(1, form).trace_hash);
}

// What no replica has on stable storage is lost when all lose power at once; a judge that does not
// see that sees nothing.
TEST(cluster_storm_itself, sees_acknowledged_records_lost_by_blackouts_in_page_cache_mode) {
    std::size_t seeds_with_losses = 0;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const cluster_outcome outcome = run_cluster_storm(seed, {.span = 20s, .durable = false});
        seeds_with_losses += outcome.violations.empty() ? 0 : 1;
    }
    EXPECT_GT(seeds_with_losses, 0U);
}

}  // namespace
}  // namespace verdikt::tests
