// For each anomaly and each relaxed setting: is it demanded that it does not happen, or allowed?
#include "checker/verdict/catalogue.h"
#include "tests/unit/checker_log/judging.h"

#include <fmt/format.h>

#include <array>
#include <string>

namespace verdikt::checker::log {
namespace {

/// A history as lines, written down by hand.
class story {
  public:
    story& begins(int process, std::string_view f, std::string_view value = "null") {
        return line(process, "invoke", f, value, "");
    }
    story& ends(int process,
                std::string_view type,
                std::string_view f,
                std::string_view value,
                std::string_view more = "") {
        return line(process, type, f, value, more);
    }
    story& does(int process,
                std::string_view f,
                std::string_view value,
                std::string_view more = "") {
        return begins(process, f, value).ends(process, "ok", f, value, more);
    }
    /// Value `value` to partition 0.
    story& sends(int process, int value, int offset) {
        return does(process, "send", fmt::format(R"([["send",0,[{},{}]]])", offset, value));
    }
    /// Offsets 0, 1, 2 of partition 0 hold 1, 2, 3.
    story& sends_three() { return sends(0, 1, 0).sends(0, 2, 1).sends(0, 3, 2); }
    /// Records of partition 0.
    story& polls(int process, std::string_view records) {
        return does(process, "poll", fmt::format(R"([["poll",{{"0":[{}]}}]])", records));
    }
    story& assigns(int process, std::string_view partitions, std::string_view more = "") {
        return does(process, "assign", fmt::format("[{}]", partitions), more);
    }
    /// Somebody reads that partition to its end and finds nothing.
    story& finds_nothing_in(int process, int partition) {
        assigns(process, fmt::format("{}", partition), R"(,"seek-to-beginning?":true)");
        return does(
            process, "poll", R"([["poll",{}]])", fmt::format(R"(,"read-to-end":[{}])", partition));
    }

    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    story& line(int process,
                std::string_view type,
                std::string_view f,
                std::string_view value,
                std::string_view more) {
        text_ += fmt::format(
            R"({{"index":{0},"time":{0},"process":{1},"type":"{2}","f":"{3}","value":{4}{5}}})",
            lines_++,
            process,
            type,
            f,
            value,
            more);
        text_ += "\n";
        return *this;
    }

    std::string text_;
    int lines_ = 0;
};

constexpr std::string_view all_three = "[0,1],[1,2],[2,3]";

// Each shows the anomaly of its name, and perhaps others.

story phantom() {
    return story().sends(0, 1, 0).polls(1, "[0,9]");
}
story lost_write() {
    return story().sends(0, 1, 0).sends(0, 2, 1).polls(1, "[1,2]");
}
story unseen() {
    return story().sends(0, 1, 0).finds_nothing_in(1, 0);
}
story dirty_read() {
    return story().sends_three().polls(1, "[0,1],[1,2]").polls(2, "[0,1],[2,3]");
}
story duplicate() {
    return story().sends(0, 1, 0).polls(1, "[0,1],[1,1]");
}
story two_at_one_offset() {
    return story().sends(0, 1, 0).sends(1, 2, 0);
}
story aborted_transaction_read() {
    return story().begins(0, "txn").ends(0, "fail", "txn", R"([["send",0,1]])").polls(1, "[0,1]");
}
story failed_send_read() {
    return story().begins(0, "send").ends(0, "fail", "send", R"([["send",0,1]])").polls(1, "[0,1]");
}
story precommitted_read() {
    return story().does(0, "txn", R"([["send",0,[0,1]],["poll",{"0":[[0,1]]}]])");
}
story torn_transaction() {
    return story()
        .does(0, "txn", R"([["send",0,[0,1]],["send",1,[0,2]]])")
        .polls(1, "[0,1]")
        .finds_nothing_in(2, 1);
}
story skip_within() {
    return story().sends_three().polls(1, all_three).polls(2, "[0,1],[2,3]");
}
story back_within() {
    return story().sends_three().polls(1, "[1,2],[0,1]");
}
story skip_between() {
    return story()
        .sends_three()
        .polls(1, all_three)
        .assigns(2, "0")
        .polls(2, "[0,1]")
        .polls(2, "[2,3]");
}
story back_between() {
    return story().sends_three().assigns(2, "0").polls(2, "[1,2]").polls(2, "[0,1]");
}
story sends_back_within() {
    return story().does(0, "send", R"([["send",0,[1,1]],["send",0,[0,2]]])");
}
story sends_back_between() {
    return story().sends(0, 1, 1).sends(0, 2, 0);
}
story others_in_between() {
    return story().sends(1, 2, 1).does(0, "send", R"([["send",0,[0,1]],["send",0,[2,3]]])");
}
story falling_epochs() {
    return story().sends_three().polls(1, "[0,1,5],[1,2,4]");
}
story falling_timestamps() {
    return story().sends_three().polls(1, "[0,1,5,1000],[1,2,5,900]");
}
story falling_end() {
    return story().does(0, "list-offsets", R"({"0":5})").does(0, "list-offsets", R"({"0":3})");
}
story interleaved_writes() {
    return story()
        .does(0, "txn", R"([["send",0,[0,1]],["send",1,[1,2]]])")
        .does(1, "txn", R"([["send",0,[1,3]],["send",1,[0,4]]])");
}
story writes_against_time() {
    return story().sends(0, 1, 1).sends(1, 2, 0);
}
story read_each_other() {
    return story()
        .begins(0, "txn")
        .does(1, "txn", R"([["send",1,[0,2]],["poll",{"0":[[0,1]]}]])")
        .ends(0, "ok", "txn", R"([["send",0,[0,1]],["poll",{"1":[[0,2]]}]])");
}
story read_and_written_before() {
    return story()
        .begins(0, "txn")
        .does(1, "txn", R"([["send",1,[0,2]],["send",0,[1,3]]])")
        .ends(0, "ok", "txn", R"([["send",0,[0,1]],["poll",{"1":[[0,2]]}]])");
}
story read_before_it_was_sent() {
    return story().polls(0, "[0,1]").sends(1, 1, 0);
}
/// An open transaction is read, and then reads what was sent only after that.
story open_transaction_in_the_middle() {
    return story()
        .begins(0, "txn")
        .polls(1, "[0,1]")
        .does(2, "send", R"([["send",1,[0,2]]])")
        .ends(0, "ok", "txn", R"([["send",0,[0,1]],["poll",{"1":[[0,2]]}]])");
}
story read_through_writes_before_it_was_sent() {
    return story()
        .begins(0, "txn")
        .does(1, "send", R"([["send",0,[1,3]]])")
        .does(2, "send", R"([["send",1,[0,2]]])")
        .ends(0, "ok", "txn", R"([["send",0,[0,1]],["poll",{"1":[[0,2]]}]])");
}

enum class then { demanded, allowed };
using enum then;

struct promise {
    std::string_view anomaly;
    story (*shown)();
    then as_it_is_by_default;
    then unclean_elections;
    then acks_one;
    then no_idempotence;
    then read_uncommitted;
};

// clang-format off
constexpr std::array promises{
    //                                                                 default   unclean   acks=1    no idemp. uncommitted
    promise{"phantom", phantom,                                        demanded, demanded, demanded, demanded, demanded},
    promise{"lost-write", lost_write,                                  demanded, allowed,  allowed,  demanded, demanded},
    promise{"unseen", unseen,                                          demanded, allowed,  allowed,  demanded, demanded},
    promise{"dirty-read", dirty_read,                                  demanded, allowed,  demanded, demanded, demanded},
    promise{"duplicate", duplicate,                                    demanded, allowed,  demanded, allowed,  demanded},
    promise{"inconsistent-offsets", two_at_one_offset,                 demanded, allowed,  allowed,  demanded, demanded},
    promise{"offset-reused", two_at_one_offset,                        demanded, allowed,  allowed,  demanded, demanded},
    promise{"G1a", failed_send_read,                                   demanded, demanded, demanded, demanded, demanded},
    promise{"G1a", aborted_transaction_read,                           demanded, allowed,  demanded, demanded, allowed},
    promise{"precommitted-read", precommitted_read,                    demanded, demanded, demanded, demanded, allowed},
    promise{"torn-transaction", torn_transaction,                      demanded, allowed,  allowed,  demanded, allowed},
    promise{"int-poll-skip", skip_within,                              demanded, allowed,  demanded, demanded, demanded},
    promise{"int-nonmonotonic-poll", back_within,                      demanded, allowed,  demanded, demanded, demanded},
    promise{"poll-skip", skip_between,                                 demanded, allowed,  demanded, demanded, demanded},
    promise{"nonmonotonic-poll", back_between,                         demanded, allowed,  demanded, demanded, demanded},
    promise{"int-nonmonotonic-send", sends_back_within,                demanded, allowed,  allowed,  allowed,  demanded},
    promise{"nonmonotonic-send", sends_back_between,                   demanded, allowed,  allowed,  allowed,  demanded},
    promise{"int-send-skip", others_in_between,                        allowed,  allowed,  allowed,  allowed,  allowed},
    promise{"order-of-epochs", falling_epochs,                         demanded, allowed,  demanded, demanded, demanded},
    promise{"order-of-timestamps", falling_timestamps,                 demanded, allowed,  demanded, demanded, demanded},
    promise{"stale-end-offset", falling_end,                           demanded, allowed,  demanded, demanded, demanded},
    promise{"G0", interleaved_writes,                                  allowed,  allowed,  allowed,  allowed,  allowed},
    promise{"G0-realtime", writes_against_time,                        allowed,  allowed,  allowed,  allowed,  allowed},
    promise{"G1c", read_each_other,                                    demanded, demanded, demanded, demanded, allowed},
    promise{"G1c", read_and_written_before,                            allowed,  allowed,  allowed,  allowed,  allowed},
    promise{"G1c-realtime", read_before_it_was_sent,                   demanded, demanded, demanded, demanded, demanded},
    promise{"G1c-realtime", open_transaction_in_the_middle,            demanded, demanded, demanded, demanded, allowed},
    promise{"G1c-realtime", read_through_writes_before_it_was_sent,    allowed,  allowed,  allowed,  allowed,  allowed},
};
// clang-format on

settings safe() {
    return {.log_append_time = true};
}

void expect(const promise& which, then what, const settings& asked, std::string_view setting) {
    const std::string text = which.shown().text();
    const auto judged = judge(text, asked);
    ASSERT_TRUE(judged) << judged.error() << "\n" << text;
    const std::string name(which.anomaly);
    EXPECT_TRUE(all_names(*judged).contains(name)) << name << " is not seen in\n" << text;
    EXPECT_EQ(names_of(judged->violations).contains(name), what == demanded)
        << name << " with " << setting << "\n"
        << text;
}

TEST(promises, of_each_anomaly_under_each_relaxed_setting) {
    for (const promise& each : promises) {
        expect(each, each.as_it_is_by_default, safe(), "the safe settings");
        settings relaxed = safe();
        relaxed.clean_elections = false;
        expect(each, each.unclean_elections, relaxed, "unclean elections");
        relaxed = safe();
        relaxed.durable = false;
        expect(each, each.acks_one, relaxed, "acks=1");
        relaxed = safe();
        relaxed.idempotent = false;
        expect(each, each.no_idempotence, relaxed, "no idempotence");
        relaxed = safe();
        relaxed.read_committed = false;
        expect(each, each.read_uncommitted, relaxed, "read_uncommitted");
    }
}

TEST(promises, are_told_of_every_anomaly_that_there_is) {
    for (const anomaly_kind& kind : all_anomalies()) {
        if (kind.model != "kafka") continue;
        EXPECT_NE(std::ranges::find(promises, kind.name, &promise::anomaly), promises.end())
            << kind.name;
    }
}

TEST(promises, a_gap_where_only_a_lost_message_lay_is_no_skip) {
    const std::string text = story().sends_three().polls(1, "[0,1],[2,3]").text();
    const auto safely = judge(text);
    const auto with_acks_one = judge(text, {.durable = false});
    ASSERT_TRUE(safely && with_acks_one);
    EXPECT_TRUE(names_of(safely->violations).contains("int-poll-skip"));
    EXPECT_EQ(names_of(with_acks_one->violations), std::set<std::string>());
    EXPECT_TRUE(names_of(with_acks_one->allowed).contains("lost-write"));
}

TEST(findings, are_told_with_the_worst_first_and_then_by_time) {
    // Out of order, then lost; and something that nothing promises.
    const std::string text = story()
                                 .sends(0, 1, 1)
                                 .sends(0, 2, 0)
                                 .sends(0, 3, 2)
                                 .sends(0, 4, 3)
                                 .polls(1, "[0,2],[1,1],[3,4]")
                                 .text();
    const auto judged = judge(text);
    ASSERT_TRUE(judged) << judged.error();
    std::vector<std::string_view> names;
    for (const finding& each : judged->violations) names.push_back(each.name);
    EXPECT_EQ(names,
              (std::vector<std::string_view>{
                  "lost-write", "unseen", "nonmonotonic-send", "int-poll-skip"}));
}

TEST(cycles, are_told_in_sentences_that_name_the_messages) {
    const auto judged = judge(read_each_other().text());
    ASSERT_TRUE(judged && !judged->violations.empty());
    EXPECT_EQ(judged->violations.front().examples.front().what,
              "operation 3 polled 2 of partition 1, which operation 2 had sent; "
              "operation 2 polled 1 of partition 0, which operation 3 had sent");
    const auto mixed = judge(read_and_written_before().text());
    ASSERT_TRUE(mixed && !mixed->allowed.empty());
    EXPECT_EQ(mixed->allowed.front().examples.front().what,
              "operation 3 polled 2 of partition 1, which operation 2 had sent; operation 3 sent 1 "
              "of partition 0, and behind it lies 3 of partition 0, which operation 2 sent");
}

}  // namespace
}  // namespace verdikt::checker::log
