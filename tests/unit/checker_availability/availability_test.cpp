/// Whole histories: who asks for what, and what is said of progress.
#include "checker/availability/availability.h"

#include "checker/availability/recoveries.h"
#include "checker/history/reader.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace verdikt::checker::availability {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A history, line by line; times in milliseconds.
class lines {
  public:
    /// An operation of a process of its own.
    lines& operation(std::string_view f,
                     std::string_view asked,
                     std::int64_t begin,
                     std::int64_t end,
                     std::string_view type,
                     std::string_view told) {
        const int process = processes_++;
        add(begin, process, "invoke", f, asked);
        add(end, process, type, f, told);
        return *this;
    }
    lines& send(int partition, std::int64_t begin, std::int64_t end, std::string_view type = "ok") {
        const std::string value = fmt::format(R"([["send",{},7]])", partition);
        return operation("send", value, begin, end, type, value);
    }
    lines& add(std::int64_t time,
               int process,
               std::string_view type,
               std::string_view f,
               std::string_view value) {
        told_.emplace(time,
                      fmt::format(R"("time":{},"process":{},"type":"{}","f":"{}","value":{})",
                                  time * 1'000'000,
                                  process < 0 ? "\"nemesis\"" : fmt::format("{}", process),
                                  type,
                                  f,
                                  value));
        return *this;
    }

    [[nodiscard]] measured measure(std::vector<disturbance> disturbances = {}) const {
        std::string text;
        int index = 0;
        for (const auto& [time, rest] : told_) {
            text += fmt::format("{{\"index\":{},{}}}\n", index++, rest);
        }
        history::text_source source(text);
        const auto reader = history::read_json(source);
        auto made = availability::measure(*reader, std::move(disturbances));
        EXPECT_TRUE(made.has_value());
        return made ? *made : measured();
    }

  private:
    int processes_ = 0;
    std::multimap<std::int64_t, std::string> told_;  ///< At one time in the order given.
};

constexpr std::int64_t ms = 1'000'000;

disturbance kill(std::int64_t from, std::int64_t healed) {
    return {.kind = "kill", .from = from * ms, .healed = healed * ms};
}

std::vector<std::string> names(const std::vector<service>& of) {
    std::vector<std::string> all;
    for (const service& one : of) all.push_back(one.name);
    return all;
}

/// Sends that all fail, from a time to another.
void ask_in_vain(lines& of, std::int64_t from, std::int64_t to) {
    for (std::int64_t at = from; at + 400 <= to; at += 500) of.send(0, at, at + 400, "info");
}

}  // namespace

TEST(availability, of_one_partition_is_missed_though_others_are_written_to) {
    lines history;
    for (int at = 0; at < 40; ++at) history.send(0, at * 100, at * 100 + 50);
    history.send(1, 0, 20).send(1, 1000, 1400, "fail").send(1, 1500, 3000);
    const measured seen = history.measure();
    EXPECT_THAT(names(seen.partitions), ElementsAre("0", "1"));
    EXPECT_FALSE(seen.writes.longest);
    EXPECT_FALSE(seen.partitions[0].longest);
    ASSERT_TRUE(seen.partitions[1].longest);
    EXPECT_EQ(*seen.partitions[1].longest, (outage{1000 * ms, 3000 * ms, true}));
}

TEST(availability, counts_each_partition_that_an_operation_writes_to_once) {
    const std::string value = R"([["send",0,1],["poll",{}],["send",2,1],["send",0,2]])";
    const measured seen = lines().operation("txn", value, 0, 10, "ok", value).measure();
    EXPECT_THAT(names(seen.partitions), ElementsAre("0", "2"));
    EXPECT_EQ(seen.partitions[0].begun, 1U);
    EXPECT_EQ(seen.writes.succeeded, 1U);
}

TEST(availability, knows_writes_to_lists_and_registers) {
    const measured seen = lines()
                              .operation("txn", R"([["append","x",1]])", 0, 10, "ok", "null")
                              .operation("txn", R"([["w",4,1]])", 20, 30, "ok", "null")
                              .operation("txn", R"([["r",4,null]])", 40, 50, "ok", "null")
                              .measure();
    EXPECT_THAT(names(seen.partitions), ElementsAre("4", "x"));
    EXPECT_EQ(seen.writes.begun, 2U);
    EXPECT_EQ(seen.all.begun, 3U);
}

TEST(availability, is_not_shown_by_what_a_client_does_alone) {
    const measured seen = lines()
                              .operation("assign", "[0]", 0, 1, "ok", "[0]")
                              .operation("crash", "null", 2, 3, "info", "null")
                              .measure();
    EXPECT_TRUE(seen.kinds.empty());
    EXPECT_EQ(seen.all.begun, 0U);
}

TEST(availability, is_neither_shown_nor_denied_by_a_poll_without_records) {
    lines history;
    for (int at = 0; at < 10; ++at) {
        history.operation(
            "poll", R"([["poll",null]])", at * 300, at * 300 + 299, "ok", R"([["poll",{"0":[]}]])");
    }
    const measured idle = history.measure({kill(100, 200)});
    EXPECT_EQ(idle.kinds.at(0).succeeded, 0U);
    EXPECT_FALSE(idle.kinds.at(0).longest);
    EXPECT_FALSE(idle.kinds.at(0).from_moments.at(0));

    history.operation(
        "poll", R"([["poll",null]])", 3000, 3100, "ok", R"([["poll",{"0":[[4,7]]}]])");
    const measured read = history.measure();
    ASSERT_TRUE(read.kinds.at(0).longest);
    EXPECT_EQ(*read.kinds.at(0).longest, (outage{0, 3100 * ms, true}));
}

TEST(availability, stays_within_bounds_whatever_is_asked) {
    lines history;
    for (int at = 0; at < 200; ++at) {
        const std::string value = fmt::format(R"([["send",{},7]])", at);
        history.operation(fmt::format("f{}", at), value, at * 10, at * 10 + 5, "ok", value);
    }
    const measured seen = history.measure();
    EXPECT_EQ(seen.kinds.size(), watch::kinds_max);
    EXPECT_EQ(seen.partitions.size(), watch::partitions_max);
    EXPECT_EQ(seen.all.begun, 200U);
}

TEST(availability, takes_ends_without_a_beginning_and_beginnings_without_an_end) {
    const measured seen = lines()
                              .add(0, 7, "ok", "send", "null")
                              .add(10, 8, "invoke", "send", R"([["send",0,1]])")
                              .add(20, 8, "invoke", "send", R"([["send",0,2]])")
                              .add(30, 8, "ok", "send", R"([["send",0,[0,2]]])")
                              .add(40, -1, "info", "kill", "null")
                              .measure();
    EXPECT_EQ(seen.writes.begun, 2U);
    EXPECT_EQ(seen.writes.succeeded, 1U);
}

TEST(recovery, is_told_of_the_next_write_and_of_the_last_partition_that_was_asked_for) {
    lines history;
    history.send(0, 0, 10).send(1, 0, 10).send(2, 0, 10);
    // While it is broken one partition is there, after the heal the other needs a second.
    history.send(0, 1100, 1200).send(1, 1050, 1900, "info").send(1, 2100, 3000);
    const measured seen = history.measure({kill(1000, 2000)});
    const std::vector<recovery> each = recovery_of_each(seen);
    ASSERT_EQ(each.size(), 1U);
    EXPECT_EQ(each[0].next_write, (delay{.length = 150 * ms}));
    EXPECT_EQ(each[0].everywhere, (delay{.length = 1950 * ms}));
    EXPECT_EQ(each[0].everywhere_healed, (delay{.length = 900 * ms}));
}

TEST(recovery, is_told_by_kind_of_fault_with_the_middle_and_the_worst) {
    lines history;
    for (int at = 0; at < 5; ++at) history.send(0, at * 1000 + 100, at * 1000 + 100 + at * 10);
    history.send(0, 5100, 5200, "fail");
    std::vector<disturbance> faults;
    for (int at = 5; at >= 0; --at) faults.push_back(kill(at * 1000, at * 1000 + 50));
    faults.push_back({.kind = "pause", .from = 0, .healed = 0});
    const auto kinds = recoveries_by_kind(history.measure(faults));
    ASSERT_EQ(kinds.size(), 2U);
    EXPECT_EQ(kinds[0].kind, "kill");
    EXPECT_EQ(kinds[0].count, 6U);
    EXPECT_EQ(kinds[0].next_write.quantile(0.5), (delay{.length = 20 * ms}));
    EXPECT_EQ(kinds[0].next_write.quantile(1), (delay{.never = true, .length = 100 * ms}));
    EXPECT_EQ(kinds[1].next_write.quantile(1), (delay{.length = 0}));
}

TEST(progress, that_is_not_made_after_everything_was_healed_leaves_doubt_and_no_violation) {
    lines history;
    history.send(0, 0, 10);
    ask_in_vain(history, 1000, 34'000);
    const judgement said = judge(history.measure({kill(900, 2000), kill(1500, 1800)}));
    EXPECT_EQ(said.says, verdict::inconclusive);
    ASSERT_EQ(said.doubts.size(), 1U);
    EXPECT_THAT(said.doubts[0], HasSubstr("healed at 2.0 s"));
    EXPECT_THAT(said.doubts[0], HasSubstr("nothing succeeded for 31.9 s"));
    EXPECT_TRUE(said.violations.empty());
    ASSERT_EQ(said.allowed.size(), 1U);
    EXPECT_EQ(said.allowed[0].name, "no-progress");
    // The writes that began after the heal, from their first line on.
    EXPECT_THAT(said.allowed[0].examples.at(0).operations, ElementsAre(6, 8, 10, 12));
}

TEST(progress, of_readers_alone_is_none_of_writers) {
    lines history;
    ask_in_vain(history, 1000, 34'000);
    history.operation("poll", "null", 3000, 3100, "ok", R"([["poll",{"0":[[4,7]]}]])");
    const judgement said = judge(history.measure({kill(900, 2000)}));
    ASSERT_EQ(said.doubts.size(), 1U);
    EXPECT_THAT(said.doubts[0], HasSubstr("no write succeeded"));
}

TEST(progress, is_not_asked_for_before_half_a_minute_is_over) {
    lines history;
    ask_in_vain(history, 1000, 31'000);
    EXPECT_EQ(judge(history.measure({kill(900, 2000)})).says, verdict::valid);
}

TEST(progress, is_made_by_one_write_and_not_asked_for_where_nothing_was_broken) {
    lines history;
    ask_in_vain(history, 1000, 40'000);
    EXPECT_EQ(judge(history.measure()).says, verdict::valid);
    history.send(0, 35'000, 35'010);
    EXPECT_EQ(judge(history.measure({kill(900, 2000)})).says, verdict::valid);
    EXPECT_TRUE(history.measure({kill(900, 2000)}).unanswered_writes.empty());
}

}  // namespace verdikt::checker::availability
