#include "tests/unit/checker_groups/reference.h"
#include "checker/verdict/catalogue.h"
#include "tests/sim/for_each_seed.h"
#include "tests/unit/checker_groups/judging.h"
#include "tests/unit/checker_groups/random_history.h"

#include <cstdlib>

namespace verdikt::checker::groups {
namespace {

TEST(random_group_histories, are_judged_as_the_slow_reference_judges_them) {
    std::set<std::string> met;
    runtime::sim::for_each_seed(1500, [&](std::uint64_t seed) {
        const random_history drawn = draw_history(seed);
        const std::string text = text_of(drawn.drawn);
        const settings asked{.clean_elections = seed % 7 != 0};
        const auto judged = judge(text, asked);
        ASSERT_TRUE(judged) << judged.error() << "\n" << text;
        const reference_judgement expected = judge_slowly(drawn.drawn, asked);
        EXPECT_EQ(names_of(judged->violations), expected.violations) << text;
        EXPECT_EQ(names_of(judged->allowed), expected.allowed) << text;
        EXPECT_EQ(!judged->doubts.empty(), expected.doubtful) << text;
        if (drawn.clean) {
            EXPECT_EQ(expected.violations, std::set<std::string>()) << text;
        }
        met.insert(expected.violations.begin(), expected.violations.end());
    });
    if (testing::Test::HasFailure() || std::getenv("VERDIKT_SEED") != nullptr) return;
    for (const anomaly_kind& kind : all_anomalies()) {
        if (kind.model != "groups") continue;
        EXPECT_TRUE(met.contains(std::string(kind.name))) << kind.name;
    }
}

}  // namespace
}  // namespace verdikt::checker::groups
