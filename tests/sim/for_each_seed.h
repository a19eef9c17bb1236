/// Runs a case of a GoogleTest program once a seed, and says how to replay the seed that failed.
///
///     for_each_seed(200, [](std::uint64_t seed) { ... });
///
/// runtime/sim/seeds.h names the variables that choose the seeds.
#pragma once

#include "runtime/sim/seeds.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace verdikt::runtime::sim {

template <typename Case>
void for_each_seed(std::uint64_t count_by_default, Case run) {
    const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
    const std::string name = std::string(test.test_suite_name()) + "." + test.name();
    set_replay_command(testing::internal::GetArgvs().front() + " --gtest_filter=" + name);
    const seed_range seeds = seeds_from_environment(count_by_default);
    for (std::uint64_t seed = seeds.first; seed != seeds.end(); ++seed) {
        SCOPED_TRACE("replay: " + replay_command(seed));
        run(seed);
        if (testing::Test::HasFailure()) return;
    }
}

}  // namespace verdikt::runtime::sim
