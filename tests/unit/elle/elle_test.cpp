#include "checker/elle/elle_answer.h"
#include "checker/elle/elle_history.h"
#include "checker/elle/second_opinion.h"
#include "checker/history/reader.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace verdikt::checker::elle {
namespace {

std::string rewritten(std::initializer_list<std::string_view> lines,
                      dialect what = dialect::list_append) {
    std::string text;
    for (const std::string_view line : lines) text += std::string(line) + "\n";
    history::text_source source(text);
    const auto reader = history::open_history(source);
    elle_history history(what);
    history::operation line;
    std::string out;
    while ((*reader)->next(line).value_or(false)) history.take(line, out);
    history.finish(out);
    return out;
}

TEST(elle_history, has_no_index_and_no_nemesis) {
    EXPECT_EQ(
        rewritten(
            {"{:index 7, :type :invoke, :f :txn, :process 5, :time 1, :value [[:append 1 2]]}",
             "{:index 8, :type :info, :f :kill, :process :nemesis, :time 2, :value nil}",
             "{:index 9, :type :ok, :f :txn, :process 5, :time 3, :value [[:append 1 2]]}"}),
        "{:type :invoke, :f :txn, :process 0, :time 1, :value [[:append 1 2]]}\n"
        "{:type :ok, :f :txn, :process 0, :time 3, :value [[:append 1 2]]}\n");
}

TEST(elle_history, ends_what_never_ended) {
    EXPECT_EQ(
        rewritten(
            {"{:type :invoke, :f :txn, :process 5, :time 1, :value [[:append 1 2] [:r 1 nil]]}"}),
        "{:type :invoke, :f :txn, :process 0, :time 1, :value [[:append 1 2] [:r 1 nil]]}\n"
        "{:type :info, :f :txn, :process 0, :time 1, :value [[:append 1 2] [:r 1 nil]]}\n");
}

TEST(elle_history, retires_a_process_after_an_unknown_outcome) {
    EXPECT_EQ(rewritten({"{:type :invoke, :f :txn, :process 5, :time 1, :value [[:append 1 2]]}",
                         "{:type :info, :f :txn, :process 5, :time 2, :value nil}",
                         "{:type :invoke, :f :txn, :process 5, :time 3, :value [[:r 1 nil]]}",
                         "{:type :fail, :f :txn, :process 5, :time 4, :value [[:r 1 [2]]]}"}),
              "{:type :invoke, :f :txn, :process 0, :time 1, :value [[:append 1 2]]}\n"
              "{:type :info, :f :txn, :process 0, :time 2, :value [[:append 1 2]]}\n"
              "{:type :invoke, :f :txn, :process 1, :time 3, :value [[:r 1 nil]]}\n"
              "{:type :fail, :f :txn, :process 1, :time 4, :value [[:r 1 nil]]}\n");
}

TEST(elle_history, has_one_form_for_an_unwritten_list_and_one_for_an_unwritten_register) {
    const auto lines = {
        std::string_view("{:type :invoke, :f :txn, :process 0, :time 1, :value [[:r 1 nil]]}"),
        std::string_view("{:type :ok, :f :txn, :process 0, :time 2, :value [[:r 1 nil]]}")};
    EXPECT_TRUE(rewritten(lines).ends_with(":value [[:r 1 []]]}\n"));
    EXPECT_TRUE(rewritten(lines, dialect::rw_register).ends_with(":value [[:r 1 nil]]}\n"));
}

TEST(elle_answer, is_the_line_of_the_file_whatever_else_was_printed) {
    constexpr std::string_view file = "/tmp/a b/history.edn";
    EXPECT_EQ(find_answer("/tmp/a b/history.edn \t true\n", file), answer::valid);
    EXPECT_EQ(find_answer("Picked up X\n/tmp/a b/history.edn\tfalse", file), answer::invalid);
    EXPECT_EQ(find_answer("/tmp/a b/history.edn \t unknown\r\n", file), answer::unknown);
    EXPECT_EQ(find_answer("/tmp/a b/history.edn.bak \t true\n", file), answer::none);
    EXPECT_EQ(find_answer("/tmp/a b/history.edn \t truely\n", file), answer::none);
    EXPECT_EQ(find_answer("\njava.lang.AssertionError: true\n", file), answer::none);
    EXPECT_EQ(find_answer("", file), answer::none);
}

judgement with(verdict says) {
    judgement made;
    made.says = says;
    return made;
}

verdict together(verdict ours, answer theirs) {
    judgement both = with(ours);
    add_second_opinion(theirs, "it was stopped", both);
    return both.says;
}

TEST(second_opinion, that_is_the_same_changes_nothing) {
    EXPECT_EQ(together(verdict::valid, answer::valid), verdict::valid);
    EXPECT_EQ(together(verdict::violation, answer::invalid), verdict::violation);
    EXPECT_EQ(together(verdict::inconclusive, answer::valid), verdict::inconclusive);
}

TEST(second_opinion, that_differs_leaves_the_verdict_open_and_says_so) {
    for (const auto& [ours, theirs] : {std::pair(verdict::valid, answer::invalid),
                                       std::pair(verdict::violation, answer::valid),
                                       std::pair(verdict::inconclusive, answer::invalid)}) {
        judgement both = with(ours);
        add_second_opinion(theirs, "", both);
        EXPECT_EQ(both.says, verdict::inconclusive);
        ASSERT_EQ(both.doubts.size(), 1U);
        EXPECT_NE(both.doubts[0].find("one of the two is wrong"), std::string::npos);
    }
}

TEST(second_opinion, that_is_missing_is_no_pass_and_takes_no_violation_back) {
    for (const answer theirs : {answer::none, answer::unknown}) {
        EXPECT_EQ(together(verdict::valid, theirs), verdict::inconclusive);
        EXPECT_EQ(together(verdict::violation, theirs), verdict::violation);
    }
}

}  // namespace
}  // namespace verdikt::checker::elle
