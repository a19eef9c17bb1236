#include "runtime/check.h"
#include "tests/sim/for_each_seed.h"
#include "tests/sim/raft/storm.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <cstdlib>

namespace verdikt::broker::raft {
namespace {

/// Enough for every mark to be reached several times over.
constexpr std::uint64_t seeds_in_ci = 400;

TEST(quorum, keeps_its_word_through_a_storm_and_reaches_every_rare_state) {
    mark_counts marks;
    std::uint64_t seeds = 0;
    std::uint64_t events = 0;
    runtime::sim::for_each_seed(seeds_in_ci, [&](std::uint64_t seed) {
        runtime::set_failure_context([seed] { return fmt::format("seed {}", seed); });
        const storm_outcome outcome = run_storm(seed);
        EXPECT_FALSE(outcome.violation.has_value()) << *outcome.violation << "\n"
                                                    << outcome.history;
        marks.add(outcome.marks);
        events += outcome.events;
        ++seeds;
    });
    runtime::set_failure_context({});
    fmt::print("{} seeds, {} events\n{}", seeds, events, report(marks));
    if (seeds < seeds_in_ci) return;  // A replay.
    for (std::size_t each = 0; each < static_cast<std::size_t>(mark::count); ++each)
        EXPECT_GT(marks.of(static_cast<mark>(each)), 0U) << name(static_cast<mark>(each));
}

/// How many of the first seeds find out.
std::uint64_t seeds_that_notice(deceit disks, std::string_view complaint) {
    constexpr std::uint64_t tried = 60;
    std::uint64_t noticed = 0;
    for (std::uint64_t seed = 1; seed <= tried; ++seed) {
        const storm_outcome outcome = run_storm(seed, disks);
        if (outcome.violation && outcome.violation->contains(complaint)) ++noticed;
    }
    return noticed;
}

TEST(judge, notices_disks_that_call_a_vote_durable_and_forget_it) {
    EXPECT_GT(seeds_that_notice(deceit::forgets_votes, "of epoch"), 10U);
}

TEST(judge, notices_disks_that_call_records_durable_and_forget_them) {
    EXPECT_GT(seeds_that_notice(deceit::forgets_synced_records, "durable on"), 40U);
}

TEST(storm, of_one_seed_is_always_the_same) {
    const storm_outcome once = run_storm(7);
    const storm_outcome again = run_storm(7);
    EXPECT_EQ(once.events, again.events);
    EXPECT_EQ(once.committed, again.committed);
    EXPECT_EQ(report(once.marks), report(again.marks));
    EXPECT_GT(once.committed, 0);
}

}  // namespace
}  // namespace verdikt::broker::raft
