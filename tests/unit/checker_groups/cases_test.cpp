// Histories of a few lines whose numbers lie where sums of numbers end.
#include "tests/unit/checker_groups/judging.h"

#include <fmt/format.h>

namespace verdikt::checker::groups {
namespace {

/// A member is told of a partition, commits, is told so once more, and asks what is committed.
std::string history_of_one_member(std::string_view generation,
                                  std::string_view told_at,
                                  std::string_view session) {
    return fmt::format(
        R"({{"index":0,"time":1,"process":0,"type":"invoke","f":"subscribe","value":[0],"session-timeout-ms":{2}}}
{{"index":1,"time":2,"process":0,"type":"ok","f":"subscribe","value":[0]}}
{{"index":2,"time":3,"process":0,"type":"invoke","f":"poll","value":[["poll"]]}}
{{"index":3,"time":4,"process":0,"type":"ok","f":"poll","value":[["poll",{{"0":[[0,1]]}}]],"rebalance-log":[{{"event":"assigned","keys":[0],"time":{1},"generation":{0}}}]}}
{{"index":4,"time":5,"process":0,"type":"invoke","f":"commit","value":{{"0":1}},"generation":{0}}}
{{"index":5,"time":6,"process":0,"type":"ok","f":"commit","value":{{"0":1}},"generation":{0}}}
{{"index":6,"time":7,"process":0,"type":"invoke","f":"committed","value":null,"generation":{0}}}
{{"index":7,"time":8,"process":0,"type":"ok","f":"committed","value":{{"0":1}},"generation":{0}}}
)",
        generation,
        told_at,
        session);
}

TEST(groups, whose_generations_and_sessions_are_as_large_as_can_be_are_judged) {
    const std::string largest = "9223372036854775807";
    const auto said = judge(history_of_one_member(largest, "3", largest));
    ASSERT_TRUE(said) << said.error();
    EXPECT_EQ(said->says, verdict::valid);
}

TEST(groups, a_rebalance_at_a_time_that_no_run_has_is_no_history) {
    const auto said = judge(history_of_one_member("1", "-9223372036854775808", "6000"));
    ASSERT_FALSE(said);
    EXPECT_EQ(said.error(), "the operation of index 3: a rebalance at a time that no run has");
}

TEST(groups, a_partition_may_be_owned_for_ever_in_a_history_that_begins_before_its_clock) {
    constexpr std::string_view text =
        R"({"index":0,"time":-2000000000000000000,"process":0,"type":"invoke","f":"subscribe","value":[0],"session-timeout-ms":1,"max-poll-interval-ms":1}
{"index":1,"time":-1900000000000000000,"process":0,"type":"ok","f":"subscribe","value":[0]}
{"index":2,"time":-1800000000000000000,"process":0,"type":"invoke","f":"poll","value":[["poll"]]}
{"index":3,"time":-1700000000000000000,"process":0,"type":"ok","f":"poll","value":[["poll",{"0":[]}]],"rebalance-log":[{"event":"assigned","keys":[0],"time":-1750000000000000000,"generation":1}]}
{"index":4,"time":-1600000000000000000,"process":"nemesis","type":"info","f":"kill","value":null}
{"index":5,"time":-1500000000000000000,"process":0,"type":"invoke","f":"commit","value":{"0":1},"generation":1}
{"index":6,"time":-1400000000000000000,"process":0,"type":"ok","f":"commit","value":{"0":1},"generation":1}
)";
    const auto said = judge(text);
    ASSERT_TRUE(said) << said.error();
    // Nobody had it at first.
    EXPECT_EQ(names_of(said->violations), std::set<std::string>{"orphan-partition"});
}

}  // namespace
}  // namespace verdikt::checker::groups
