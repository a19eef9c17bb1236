#include "tests/unit/checker_exactly_once/reference.h"
#include "checker/exactly_once/exactly_once_checker.h"
#include "checker/verdict/catalogue.h"
#include "tests/sim/for_each_seed.h"
#include "tests/unit/checker_exactly_once/judging.h"
#include "tests/unit/checker_exactly_once/random_history.h"

#include <cstdlib>

namespace verdikt::checker::exactly_once {
namespace {

/// What is demanded not to happen, and the rest.
std::pair<std::set<std::string>, std::set<std::string>> parted(const std::set<std::string>& seen,
                                                               const settings& asked) {
    std::set<std::string> demanded;
    std::set<std::string> allowed;
    const bool safe = asked.read_committed;
    for (const std::string& name : seen) {
        const bool of_processing = name == "eos-lost" || name == "eos-duplicate";
        (safe || (asked.each_once && of_processing) ? demanded : allowed).insert(name);
    }
    return {demanded, allowed};
}

TEST(random_exactly_once_histories, are_judged_as_the_slow_reference_judges_them) {
    std::set<std::string> met;
    std::uint64_t doubtful = 0;
    runtime::sim::for_each_seed(1500, [&](std::uint64_t seed) {
        const random_history drawn = draw_history(seed);
        const std::string text = text_of(drawn.drawn);
        const settings asked{.read_committed = seed % 5 != 0, .each_once = seed % 7 == 0};
        const auto judged = judge(text, asked);
        ASSERT_TRUE(judged) << judged.error() << "\n" << text;
        const reference_judgement expected = judge_slowly(drawn.drawn);
        const auto [demanded, allowed] = parted(expected.seen, asked);
        EXPECT_EQ(names_of(judged->violations), demanded) << text;
        EXPECT_EQ(names_of(judged->allowed), allowed) << text;
        EXPECT_EQ(!judged->doubts.empty(), expected.doubtful) << text;
        if (drawn.clean) EXPECT_EQ(expected.seen, std::set<std::string>()) << text;
        met.insert(expected.seen.begin(), expected.seen.end());
        doubtful += expected.doubtful ? 1U : 0U;
    });
    if (testing::Test::HasFailure() || std::getenv("VERDIKT_SEED") != nullptr) return;
    EXPECT_GT(doubtful, 0U);
    for (const anomaly_kind& kind : all_anomalies()) {
        if (kind.model == "exactly-once")
            EXPECT_TRUE(met.contains(std::string(kind.name))) << kind.name;
    }
}

}  // namespace
}  // namespace verdikt::checker::exactly_once
