// Random histories, judged by the checker and by its slow reference.
#include "tests/unit/checker_compaction/reference.h"
#include "checker/history/writer.h"
#include "checker/verdict/catalogue.h"
#include "tests/sim/for_each_seed.h"
#include "tests/unit/checker_compaction/judging.h"
#include "tests/unit/checker_compaction/random_history.h"

#include <cstdlib>

namespace verdikt::checker::compaction {
namespace {

using namespace std::chrono_literals;

std::string text_of(const random_history& drawn) {
    std::string text;
    for (const history::operation& one : drawn.operations) append_ndjson(text, one);
    return text;
}

settings any_settings(std::uint64_t seed) {
    return {.durable = seed % 7 != 0,
            .clock_error = std::chrono::milliseconds(seed % 3 * 500),
            .sends_min = 0,
            .scans_min = 0};
}

TEST(random_cleanings, are_judged_as_the_slow_reference_judges_them) {
    std::set<std::string> met;
    std::uint64_t doubtful = 0;
    runtime::sim::for_each_seed(1'500, [&](std::uint64_t seed) {
        const random_history drawn = draw_history(seed);
        const std::string text = text_of(drawn);
        const settings asked = any_settings(seed);
        const auto judged = judge(text, asked);
        ASSERT_TRUE(judged) << judged.error();
        const reference_judgement expected = judge_slowly(drawn.operations, asked);
        EXPECT_EQ(names_of(judged->violations), expected.violations) << text;
        EXPECT_EQ(names_of(judged->allowed), expected.allowed) << text;
        EXPECT_EQ(!judged->doubts.empty(), expected.doubts) << text;
        met.merge(names_of(judged->violations));
        doubtful += expected.doubts ? 1 : 0;
    });
    if (testing::Test::HasFailure() || std::getenv("VERDIKT_SEED") != nullptr) return;
    for (const anomaly_kind& kind : all_anomalies()) {
        if (kind.model == "compaction") {
            EXPECT_TRUE(met.contains(std::string(kind.name))) << kind.name;
        }
    }
    EXPECT_TRUE(met.contains("phantom"));
    EXPECT_TRUE(met.contains("G1a"));
    EXPECT_GT(doubtful, 0U);
}

TEST(random_cleanings, without_trouble_are_free_of_violations) {
    runtime::sim::for_each_seed(1'500, [](std::uint64_t seed) {
        const random_history drawn = draw_history(seed);
        if (!drawn.clean) return;
        const std::string text = text_of(drawn);
        const auto judged = judge(text, {.clock_error = 0ms});
        ASSERT_TRUE(judged) << judged.error();
        EXPECT_EQ(names_of(judged->violations), std::set<std::string>()) << text;
    });
}

}  // namespace
}  // namespace verdikt::checker::compaction
