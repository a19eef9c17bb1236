/// Power cuts, kills, torn and lost writes, full disks, I/O errors and hung disks under load, by
/// seed.
///
/// VERDIKT_SEEDS sets how many; VERDIKT_SEED replays one.
#include "runtime/sim/seeds.h"
#include "tests/sim/storage/storm.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

namespace verdikt::broker::storage {
namespace {

TEST(power_loss, loses_nothing_acknowledged_and_recovery_rebuilds_what_the_log_says) {
    const auto seeds = runtime::sim::seeds_from_environment(200);
    storm_report sum;
    for (std::uint64_t seed = seeds.first; seed < seeds.end(); ++seed) {
        const storm_report report = run_storm(seed, {});
        EXPECT_EQ(report.violation, "") << report.last_effects;
        sum.acknowledged += report.acknowledged;
        sum.failed_appends += report.failed_appends;
        sum.duplicates += report.duplicates;
        sum.power_cuts += report.power_cuts;
        sum.kills += report.kills;
        sum.times_offline += report.times_offline;
        sum.sectors_lost += report.sectors_lost;
        sum.files_torn += report.files_torn;
        sum.io_errors += report.io_errors;
        sum.refused_for_space += report.refused_for_space;
        sum.batches_recovered += report.batches_recovered;
    }
    fmt::print(
        "{} seeds: {} batches acknowledged, {} recovered, {} appends failed, {} duplicates "
        "answered\n  {} power cuts, {} kills, {} times offline, {} sectors lost, {} files torn, {} "
        "I/O errors, {} writes refused for space\n",
        seeds.count,
        sum.acknowledged,
        sum.batches_recovered,
        sum.failed_appends,
        sum.duplicates,
        sum.power_cuts,
        sum.kills,
        sum.times_offline,
        sum.sectors_lost,
        sum.files_torn,
        sum.io_errors,
        sum.refused_for_space);
    if (seeds.count < 50) return;
    // A storm in which nothing broke would prove nothing.
    EXPECT_GT(sum.acknowledged, 0U);
    EXPECT_GT(sum.sectors_lost, 0U);
    EXPECT_GT(sum.files_torn, 0U);
    EXPECT_GT(sum.io_errors, 0U);
    EXPECT_GT(sum.refused_for_space, 0U);
    EXPECT_GT(sum.times_offline, 0U);
    EXPECT_GT(sum.duplicates, 0U);
}

TEST(power_loss, is_noticed_when_the_log_does_not_sync_before_it_acknowledges) {
    int caught = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const storm_report report = run_storm(seed, {.durable = false});
        if (report.violation.find("is lost") != std::string::npos) ++caught;
    }
    EXPECT_GE(caught, 15);
}

TEST(power_loss, replays_bit_for_bit) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        EXPECT_EQ(run_storm(seed, {}).trace_hash, run_storm(seed, {}).trace_hash);
    }
}

}  // namespace
}  // namespace verdikt::broker::storage
