/// Two cases that always fail, so that we know that failing works: the test command expects each of
/// them to end with an error and to print how to replay it.
#include "runtime/check.h"
#include "runtime/sim/world.h"
#include "tests/sim/for_each_seed.h"

#include <gtest/gtest.h>

namespace verdikt::runtime::sim {
namespace {

TEST(canary, fails_an_expectation) {
    for_each_seed(10, [](std::uint64_t seed) {
        world universe(seed);
        EXPECT_LT(seed, 7U) << "as it must";
    });
}

TEST(canary, fails_a_check_within_a_simulated_process) {
    for_each_seed(10, [](std::uint64_t seed) {
        world universe(seed);
        universe.add_node("canary").start([seed](environment&) -> awaitable<void> {
            CHECK(seed < 7, "as it must");
            co_return;
        });
        universe.run_until_idle();
    });
}

}  // namespace
}  // namespace verdikt::runtime::sim
