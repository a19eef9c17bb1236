#include "tests/unit/checker_log/reference.h"
#include "checker/history/writer.h"
#include "checker/verdict/catalogue.h"
#include "tests/sim/for_each_seed.h"
#include "tests/unit/checker_log/judging.h"
#include "tests/unit/checker_log/random_history.h"

#include <algorithm>
#include <cstdlib>

namespace verdikt::checker::log {
namespace {

settings any_settings(std::uint64_t seed) {
    settings asked;
    asked.durable = seed % 5 != 0;
    asked.clean_elections = seed % 7 != 0;
    asked.idempotent = seed % 11 != 0;
    asked.read_committed = seed % 13 != 0;
    asked.log_append_time = seed % 2 == 0;
    if (seed % 17 == 0) asked.sub_via = subscription::assign;
    if (seed % 3 == 0) asked.finally = final_reads::made;
    return asked;
}

/// Which of two messages at one offset the order of writes goes through is left to each checker.
void leave_out_what_is_ambiguous(std::set<std::string>& names, bool ambiguous) {
    if (!ambiguous) return;
    std::erase_if(names, [](const std::string& name) {
        return name.starts_with("G0") || name.starts_with("G1c");
    });
}

TEST(random_histories, are_judged_as_the_slow_reference_judges_them) {
    std::set<std::string> met;
    runtime::sim::for_each_seed(1500, [&met](std::uint64_t seed) {
        const random_history drawn = draw_history(seed);
        std::string text;
        for (const history::operation& one : drawn.operations) append_ndjson(text, one);
        const settings asked = any_settings(seed);
        const auto judged = judge(text, asked);
        ASSERT_TRUE(judged) << judged.error();
        std::set<std::string> violations = names_of(judged->violations);
        std::set<std::string> allowed = names_of(judged->allowed);
        reference_judgement expected = judge_slowly(drawn.operations, asked);
        const bool ambiguous = all_names(*judged).contains("inconsistent-offsets");
        for (auto* names : {&violations, &allowed, &expected.violations, &expected.allowed}) {
            leave_out_what_is_ambiguous(*names, ambiguous);
        }
        EXPECT_EQ(violations, expected.violations) << text;
        EXPECT_EQ(allowed, expected.allowed) << text;
        met.merge(all_names(*judged));
    });
    if (testing::Test::HasFailure() || std::getenv("VERDIKT_SEED") != nullptr) return;
    for (const anomaly_kind& kind : all_anomalies()) {
        if (kind.model == "kafka") {
            EXPECT_TRUE(met.contains(std::string(kind.name))) << kind.name;
        }
    }
}

TEST(random_histories, without_trouble_are_free_of_violations) {
    runtime::sim::for_each_seed(1500, [](std::uint64_t seed) {
        const random_history drawn = draw_history(seed);
        if (!drawn.clean) return;
        std::string text;
        for (const history::operation& one : drawn.operations) append_ndjson(text, one);
        const auto judged = judge(text);
        ASSERT_TRUE(judged) << judged.error();
        EXPECT_EQ(names_of(judged->violations), std::set<std::string>()) << text;
    });
}

}  // namespace
}  // namespace verdikt::checker::log
