/// `results.json` holds a run whole: what is read back is what was written.
#include "checker/report/report.h"
#include "checker/report/results_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace verdikt::checker::report {

namespace {

using testing::HasSubstr;

constexpr std::string_view history =
    R"({"index":0,"time":1000000,"process":0,"type":"invoke","f":"send","value":[["send",0,7]]}
{"index":1,"time":3000000,"process":0,"type":"ok","f":"send","value":[["send",0,[0,7]]]}
)";

run some_run() {
    run what;
    what.test = "queue";
    what.says = verdict::inconclusive;
    what.trial_says = verdict::inconclusive;
    what.reasons = {"disk-full never bit: it did nothing"};
    what.began_at = 1'700'000'000'123'000'000;
    what.seed = 18'446'744'073'709'551'615U;
    what.command = "verdikt test --seed 18446744073709551615";
    what.settings = {{"workload", "queue"}, {"acks", "all"}, {"\x01\"", "\n"}};
    what.versions = {{"verdikt", "0.1.0"}};
    what.faults = {{.kind = "kill",
                    .family = "process",
                    .what = "kill of leader:orders/0",
                    .targets = "node 2",
                    .from = 5,
                    .to = 9,
                    .bit = true,
                    .evidence = {{"node 2", true, "process 17 is gone"}}},
                   {.kind = "disk-full",
                    .family = "disk",
                    .what = "disk-full of one",
                    .from = 11,
                    .to = 11,
                    .outcome = fault_outcome::failed,
                    .detail = "no such disk"}};
    what.leaders = {{"orders/0", 0, 5, 2, 4}, {"orders/0", 5, 20, -1, -1}};
    judgement said;
    said.says = verdict::valid;
    said.notes = {"the last line was cut short"};
    said.violations = {
        {.name = "lost-write", .promised_by = "acks=all", .count = 1, .examples = {}}};
    what.opinions = {{"log", said}};
    return what;
}

report made_of(const run& what) {
    history::text_source source(history);
    return make_report(what, source, {});
}

}  // namespace

TEST(results, are_read_back_as_they_were_written) {
    const run what = some_run();
    const report made = made_of(what);
    const auto read = read_results(made.json);
    ASSERT_TRUE(read.has_value()) << read.error();
    // What was read makes the same file again, but for what follows from the history.
    run again = read->what;
    EXPECT_TRUE(again.opinions.empty());
    again.opinions = what.opinions;
    EXPECT_EQ(made_of(again).json, made.json);
    EXPECT_EQ(made_of(again).html, made.html);
    EXPECT_EQ(again.seed, what.seed);
    EXPECT_EQ(again.settings, what.settings);
    EXPECT_EQ(again.faults.at(1).outcome, fault_outcome::failed);
    EXPECT_EQ(again.faults.at(0).evidence.at(0).text, "process 17 is gone");
    EXPECT_EQ(again.leaders.at(1).leader, -1);
    EXPECT_EQ(read->ended.ok, 1U);
    EXPECT_EQ(read->broken, 1U);
    EXPECT_EQ(read->length, 3'000'000);
}

TEST(results, that_are_none_are_refused_with_the_reason) {
    EXPECT_FALSE(read_results("{").has_value());
    EXPECT_FALSE(read_results("[]").has_value());
    EXPECT_FALSE(read_results(R"({"seed": "seven"})").has_value());
    EXPECT_FALSE(read_results(R"({"faults": [7]})").has_value());
    const auto unknown = read_results(R"({"verdict": "splendid"})");
    ASSERT_FALSE(unknown.has_value());
    EXPECT_THAT(unknown.error(), HasSubstr("splendid"));
}

TEST(results, may_leave_out_whatever_is_empty) {
    const auto read = read_results(R"({"test": "queue", "verdict": "valid"})");
    ASSERT_TRUE(read.has_value()) << read.error();
    EXPECT_EQ(read->what.says, verdict::valid);
    EXPECT_TRUE(read->what.faults.empty());
}

TEST(a_run, is_as_bad_as_the_worst_of_its_parts) {
    run what;
    EXPECT_EQ(judged(what), verdict::valid);
    judgement said;
    said.says = verdict::inconclusive;
    what.opinions = {{"log", said}};
    EXPECT_EQ(judged(what), verdict::inconclusive);
    what.trial_says = verdict::infra;
    EXPECT_EQ(judged(what), verdict::infra);
}

TEST(a_run, that_is_proven_to_break_a_promise_does_so_whatever_else_went_wrong) {
    run what;
    judgement said;
    said.says = verdict::violation;
    what.opinions = {{"log", said}};
    for (const verdict worse : {verdict::infra, verdict::crash}) {
        what.trial_says = worse;
        EXPECT_EQ(judged(what), verdict::violation);
    }
}

}  // namespace verdikt::checker::report
