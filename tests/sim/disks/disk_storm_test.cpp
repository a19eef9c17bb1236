// Disks of three brokers, two each, that hang, fail, fill up and are replaced, seed by seed.
#include "tests/sim/client_programs/report.h"
#include "tests/sim/disks/disk_cluster.h"
#include "tests/sim/for_each_seed.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using runtime::awaitable;
using runtime::sim::disk_operation;

enum class strike { hang, hang_one, fail, fill, replace, kill };
constexpr std::array strikes{
    strike::hang, strike::hang_one, strike::fail, strike::fill, strike::replace, strike::kill};

struct storm_counts {
    std::array<int, strikes.size()> struck{};
    std::size_t acknowledged = 0;
    std::uint64_t lives = 0;
};

class disk_storm {
  public:
    disk_storm(std::uint64_t seed, storm_counts& counts)
        : counts_(counts),
          cluster_(seed,
                   {.directories = 2,
                    .settings = {{"broker.heartbeat.interval.ms", "500"},
                                 {"replica.lag.time.max.ms", "5000"},
                                 {"log.segment.bytes", "20000"}}}) {}

    void run() {
        cluster_.run([this] { return rage(); });
        counts_.acknowledged += cluster_.acknowledged();
        for (disk_machine& each : cluster_.nodes()) counts_.lives += each.machine().starts();
    }

  private:
    /// One broker at a time is struck, so that the other two are there to take over; what it may
    /// have lost is back before the next is struck.
    awaitable<void> rage() {
        for (int round = 0; round < 2; ++round) {
            const int victim = draw_victim();
            const strike how = strikes.at(random().below(strikes.size()));
            ++counts_.struck.at(static_cast<std::size_t>(how));
            co_await apply(how, cluster_.node(victim));
            // What the victim of a full disk leads waits for room.
            const bool taken_over =
                how == strike::fill || co_await cluster_.until_each_takes_records(30s);
            EXPECT_TRUE(taken_over) << name(how, victim) << cluster_.picture();
            co_await cluster_.universe().sleep_for(
                std::chrono::milliseconds(random().between(0, 8'000)));
            co_await mend(cluster_.node(victim));
            const bool rejoined = co_await rejoin(cluster_.node(victim));
            EXPECT_TRUE(rejoined) << name(how, victim) << cluster_.picture();
            if (testing::Test::HasFailure()) co_return;
        }
        report(co_await cluster_.judge());
    }

    int draw_victim() {
        if (random().chance(0.4) && cluster_.controller() != 0) return cluster_.controller();
        return static_cast<int>(random().between(1, brokers_of_cluster));
    }

    awaitable<void> apply(strike how, disk_machine& victim) {
        runtime::sim::disk& one = victim.disk(static_cast<int>(random().below(2)));
        switch (how) {
            case strike::hang:
                victim.hang();
                break;
            case strike::hang_one:
                one.hang();
                break;
            case strike::fail:
                one.set_error_chance(disk_operation::write, random().chance(0.5) ? 1 : 0.3);
                one.set_error_chance(disk_operation::sync, 1);
                break;
            case strike::fill:
                one.set_capacity(one.used() + random().below(20'000));
                break;
            case strike::replace:
                co_await kill(victim);
                victim.replace_disk(1);
                break;
            case strike::kill:
                victim.hang();
                co_await cluster_.universe().sleep_for(
                    std::chrono::milliseconds(random().between(0, 6'000)));
                co_await kill(victim);
                break;
        }
    }

    awaitable<void> kill(disk_machine& victim) {
        random().chance(0.5) ? victim.machine().crash() : victim.machine().power_loss();
        co_await victim.machine().until_stopped();
    }

    /// A directory that has failed stays so until the broker is started again.
    awaitable<void> mend(disk_machine& victim) {
        victim.heal();
        const auto* here = victim.services();
        const bool has_failed =
            here != nullptr && !std::ranges::all_of(here->directories, [](const auto* each) {
                return each->online();
            });
        if (has_failed && victim.machine().running()) co_await kill(victim);
        if (!victim.machine().running()) co_await victim.machine().until_stopped();
        victim.restart_if_down();
    }

    /// One whose directories have failed may be about to end.
    awaitable<bool> rejoin(disk_machine& victim) {
        for (int second = 0; second < 40; ++second) {
            victim.restart_if_down();
            if (co_await cluster_.until_all_in_sync(1s)) co_return true;
        }
        co_return false;
    }

    static std::string name(strike how, int victim) {
        static constexpr std::array names{"hang", "hang one", "fail", "fill", "replace", "kill"};
        return fmt::format("{} of broker {}: ", names.at(static_cast<std::size_t>(how)), victim);
    }

    runtime::random_source& random() { return cluster_.universe().random(); }

    storm_counts& counts_;
    disk_cluster cluster_;
};

TEST(disk_storm, loses_nothing_and_every_broker_comes_back) {
    storm_counts counts;
    runtime::sim::for_each_seed(50,
                                [&counts](std::uint64_t seed) { disk_storm(seed, counts).run(); });
    RecordProperty("acknowledged", static_cast<int>(counts.acknowledged));
    RecordProperty("lives", static_cast<int>(counts.lives));
}

}  // namespace
}  // namespace verdikt::tests
