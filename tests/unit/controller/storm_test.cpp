// Random events in random order, many seeds: what must hold whatever happens. After each decision
// the fixture checks the invariants, and that replaying the records gives the controller's image.
//
// VERDIKT_SEEDS sets how many seeds; VERDIKT_SEED replays one.
#include "tests/unit/controller/replicated_cluster.h"

#include <cstdlib>

namespace verdikt::broker::controller::testing {
namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

constexpr int steps = 300;

/// Runs seeds and says how much happened, so that a storm in which nothing does is noticed.
template <typename AtTheEnd>
void run_seeds(std::uint64_t count, const weather& of, AtTheEnd at_the_end) {
    const std::uint64_t only = number_from("VERDIKT_SEED", 0);
    const std::uint64_t first = only != 0 ? only : 1;
    const std::uint64_t last = only != 0 ? only : number_from("VERDIKT_SEEDS", count);
    std::size_t acknowledged = 0;
    std::size_t elections = 0;
    for (std::uint64_t seed = first; seed <= last; ++seed) {
        SCOPED_TRACE(fmt::format("VERDIKT_SEED={}", seed));
        replicated_cluster run(seed, of);
        for (int step = 0; step < steps && !::testing::Test::HasFailure(); ++step) {
            run.step();
            run.check_complete();
        }
        if (::testing::Test::HasFailure()) return;
        at_the_end(run);
        acknowledged += run.acknowledged();
        elections += run.elections();
    }
    const std::uint64_t seeds = last - first + 1;
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
