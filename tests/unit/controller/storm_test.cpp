// Random events in random order, many seeds: what must hold whatever happens. After each decision
// the fixture checks the invariants, and that replaying the records gives the controller's image.
#include "tests/sim/for_each_seed.h"
#include "tests/unit/controller/replicated_cluster.h"

namespace verdikt::broker::controller::testing {
namespace {

constexpr int steps = 300;

/// Runs seeds and says how much happened, so that a storm in which nothing does is noticed.
template <typename AtTheEnd>
void run_seeds(std::uint64_t count, const weather& of, AtTheEnd at_the_end) {
    std::uint64_t seeds = 0;
    std::size_t acknowledged = 0;
    std::size_t elections = 0;
    runtime::sim::for_each_seed(count, [&](std::uint64_t seed) {
        replicated_cluster run(seed, of);
        for (int step = 0; step < steps && !::testing::Test::HasFailure(); ++step) {
            run.step();
            run.check_complete();
        }
        if (::testing::Test::HasFailure()) return;
        at_the_end(run);
        acknowledged += run.acknowledged();
        elections += run.elections();
        ++seeds;
    });
    if (::testing::Test::HasFailure()) return;
    if (!of.unclean) EXPECT_GT(acknowledged, seeds * 10) << "hardly anything was acknowledged";
    ::testing::Test::RecordProperty("acknowledged", fmt::to_string(acknowledged));
    EXPECT_GT(elections, seeds * 2) << "hardly anybody was elected";
}

TEST(storm, in_durable_mode_nobody_leads_who_lacks_what_was_acknowledged) {
    run_seeds(800, {.durable = true, .last_known_leader = true}, [](replicated_cluster& run) {
        run.heal();
        run.expect_leaders_everywhere();
    });
}

TEST(storm, over_the_page_cache_nobody_leads_who_lacks_what_was_acknowledged) {
    run_seeds(500, {.durable = false, .last_known_leader = false}, [](replicated_cluster& run) {
        run.heal();
    });
}

TEST(storm, with_disks_swapped_for_empty_ones_nobody_leads_who_lacks_what_was_acknowledged) {
    run_seeds(300,
              {.durable = true, .last_known_leader = true, .wipes = true},
              [](replicated_cluster& run) { run.heal(); });
}

TEST(storm, with_unclean_elections_everybody_is_led_in_the_end) {
    run_seeds(200,
              {.durable = false, .last_known_leader = true, .unclean = true},
              [](replicated_cluster& run) {
                  run.heal();
                  run.expect_leaders_everywhere();
              });
}

}  // namespace
}  // namespace verdikt::broker::controller::testing
