/// What was available stands on the page and in results.json.
#include "checker/report/report.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace verdikt::checker::report {

namespace {

using testing::HasSubstr;
using testing::Not;

/// Sends to two partitions, ten a second each; partition 1 has no leader from 2 s to 4 s.
std::string history_with_an_outage(bool ends) {
    std::string lines;
    int index = 0;
    for (int at = 0; at < 120; ++at) {
        const int partition = at % 2;
        const std::int64_t begin = at * 50;
        const bool out = partition == 1 && begin >= 2000 && (begin < 4000 || !ends);
        for (const bool ended : {false, true}) {
            const char* const type = !ended ? "invoke" : out ? "fail" : "ok";
            lines += fmt::format(
                R"({{"index":{},"time":{},"process":{},"type":"{}","f":"send","value":[["send",{},{}]]}})",
                index++,
                (begin + (ended ? 20 : 0)) * 1'000'000,
                at,
                type,
                partition,
                at);
            lines += "\n";
        }
    }
    return lines;
}

run with_a_kill() {
    run what;
    what.test = "queue";
    what.faults = {
        {.kind = "kill",
         .family = "process",
         .what = "kill of leader:orders/1",
         .targets = "node 2",
         .from = 2'000'000'000,
         .to = 3'000'000'000,
         .bit = true},
        {.kind = "pause", .family = "process", .what = "pause of one", .from = 5, .to = 6}};
    return what;
}

report page_of(const run& what, const std::string& lines) {
    history::text_source source(lines);
    return make_report(what, source, {});
}

}  // namespace

TEST(a_report, shows_how_soon_partitions_were_there_again_after_faults_that_bit) {
    const std::string html = page_of(with_a_kill(), history_with_an_outage(true)).html;
    EXPECT_THAT(html, HasSubstr("<section id=\"availability\">"));
    EXPECT_THAT(html, HasSubstr("never half a second in which a write"));
    EXPECT_THAT(html, HasSubstr("writes to 1, the worst of 2 partitions"));
    EXPECT_THAT(html, HasSubstr("2.050 s – 4.070 s"));
    EXPECT_THAT(html, HasSubstr("How soon after a fault"));
    EXPECT_THAT(html, Not(HasSubstr("not within")));
}

TEST(a_report, says_where_nothing_was_there_again) {
    const std::string html = page_of(with_a_kill(), history_with_an_outage(false)).html;
    EXPECT_THAT(html, HasSubstr("2.050 s – never"));
    EXPECT_THAT(html, HasSubstr("<td class=\"number bad\">not within"));
}

TEST(a_report, keeps_what_was_available_for_programs) {
    const std::string text = page_of(with_a_kill(), history_with_an_outage(true)).json;
    const auto available = nlohmann::json::parse(text).at("availability");
    EXPECT_EQ(available.at("partitions").at("1").at("outages"), 1);
    EXPECT_EQ(available.at("partitions").at("1").at("longest-outage").at("from"), 2'050'000'000);
    EXPECT_TRUE(available.at("operations").at("send").at("longest-outage").is_null());
    // One fault bit. Partition 0 was written to at once, partition 1 two seconds later.
    ASSERT_EQ(available.at("faults").size(), 1U);
    EXPECT_EQ(available.at("faults").at(0).at("next-write").at("ns"), 20'000'000);
    EXPECT_EQ(available.at("recovery").at("kill").at("everywhere").at("worst").at("ns"),
              2'020'000'000);
    EXPECT_FALSE(available.at("recovery").contains("pause"));
}

}  // namespace verdikt::checker::report
