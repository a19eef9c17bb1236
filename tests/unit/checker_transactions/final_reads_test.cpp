// What the last reads of a history go without, and what offsets tell of registers.
#include "tests/unit/checker_transactions/judging.h"

#include <fmt/format.h>

namespace verdikt::checker {
namespace {

/// Operations one after the other, each of a process of its own.
class story {
  public:
    /// It ends at once. `more` begins with a comma.
    story& does(std::string_view value, std::string_view type = "ok", std::string_view more = "") {
        begins(value);
        return ends(process_ - 1, value, type, more);
    }
    story& reads_at_last(std::string_view value, std::string_view more = "") {
        return does(value, "ok", fmt::format(R"(,"final":true{})", more));
    }
    /// Of process 0, 1, … in the order of beginnings.
    story& begins(std::string_view value) {
        line(process_++, "invoke", value, "");
        return *this;
    }
    story& ends(int process,
                std::string_view value,
                std::string_view type = "ok",
                std::string_view more = "") {
        line(process, type, value, more);
        return *this;
    }

    /// The same process does something else.
    story& goes_on(int process, std::string_view value, std::string_view more) {
        line(process, "invoke", value, "");
        return ends(process, value, "ok", more);
    }

    [[nodiscard]] judgement as_lists(std::string_view model = "kafka-log",
                                     transactions::run_floor least = {}) const {
        const auto check = [&](const list_append::list_history& what) {
            return list_append::check(what, model_named(model), least);
        };
        auto said = judged_text(text_, list_append::list_history::read, check);
        EXPECT_TRUE(said) << said.error();
        return said ? *said : judgement{};
    }
    [[nodiscard]] judgement as_registers(bool sequential_keys = false) const {
        auto said = judge_registers(text_, "kafka-log", {.sequential_keys = sequential_keys});
        EXPECT_TRUE(said) << said.error();
        return said ? *said : judgement{};
    }

  private:
    void line(int process, std::string_view type, std::string_view value, std::string_view more) {
        text_ += fmt::format(
            R"({{"index":{0},"time":{0},"process":{1},"type":"{2}","f":"txn","value":{3}{4}}})"
            "\n",
            index_++,
            process,
            type,
            value,
            more);
    }

    std::string text_;
    int index_ = 0;
    int process_ = 0;
};

names violations(const judgement& said) {
    return names_of(said.violations);
}

TEST(final_reads_of_lists, that_show_everything_are_valid) {
    story told;
    told.does(R"([["append",1,1],["append",2,1]])").does(R"([["append",1,2]])");
    told.reads_at_last(R"([["r",1,[1,2]]])").reads_at_last(R"([["r",2,[1]]])");
    const auto said =
        told.as_lists("kafka-log", {.writes_min = 2, .reads_min = 2, .final_reads = true});
    EXPECT_EQ(said.says, verdict::valid) << testing::PrintToString(said.doubts);
}

TEST(final_reads_of_lists, must_have_what_was_acknowledged) {
    story told;
    told.does(R"([["append",1,1]])").does(R"([["append",1,2]])");
    told.reads_at_last(R"([["r",1,[1]]])");
    const auto said = told.as_lists();
    EXPECT_EQ(violations(said), names{"lost-write"});
    EXPECT_EQ(said.violations.front().examples.front().operations,
              (std::vector<std::int64_t>{3, 5}));
}

TEST(final_reads_of_lists, that_found_nothing_lack_everything) {
    story told;
    told.does(R"([["append",1,1]])").reads_at_last(R"([["r",1,[]]])");
    EXPECT_EQ(violations(told.as_lists()), names{"lost-write"});
}

TEST(final_reads_of_lists, must_have_what_was_read_of_an_unknown_outcome) {
    story told;
    told.does(R"([["append",1,1]])", "info").does(R"([["r",1,[1]]])");
    told.reads_at_last(R"([["r",1,[]]])");
    EXPECT_EQ(violations(told.as_lists()), names{"lost-write"});
}

TEST(final_reads_of_lists, may_lack_what_failed_is_unknown_or_still_goes_on) {
    story told;
    told.begins(R"([["append",1,1]])");
    told.does(R"([["append",1,2]])", "fail").does(R"([["append",1,3]])", "info");
    told.reads_at_last(R"([["r",1,[]]])").ends(0, R"([["append",1,1]])");
    EXPECT_EQ(violations(told.as_lists()), names());
}

TEST(final_reads_of_lists, have_all_of_a_transaction_or_nothing) {
    story told;
    told.does(R"([["append",1,1],["append",2,1]])", "info");
    told.reads_at_last(R"([["r",2,[]]])").reads_at_last(R"([["r",1,[1]]])");
    const auto said = told.as_lists();
    EXPECT_EQ(violations(said), names{"torn-transaction"});
    EXPECT_EQ(said.violations.front().examples.front().operations,
              (std::vector<std::int64_t>{1, 3, 5}));
}

TEST(final_reads_of_lists, count_by_the_last_of_them_and_no_others) {
    story told;
    told.does(R"([["append",1,1]])").does(R"([["r",1,[]]])").reads_at_last(R"([["r",1,[]]])");
    told.reads_at_last(R"([["r",1,[1]]])");
    EXPECT_EQ(violations(told.as_lists()), names());
}

TEST(final_reads_of_lists, that_lack_something_break_strict_models_alone) {
    story told;
    told.does(R"([["append",1,1]])").reads_at_last(R"([["r",1,[]]])");
    EXPECT_TRUE(violations(told.as_lists("strict-serializable")).contains("lost-write"));
    const auto weaker = told.as_lists("serializable");
    EXPECT_EQ(violations(weaker), names());
    EXPECT_TRUE(names_of(weaker.allowed).contains("lost-write"));
}

TEST(run_floor, doubts_what_was_hardly_written_hardly_read_and_not_read_at_last) {
    story told;
    told.does(R"([["append",1,1]])").does(R"([["append",1,2]])", "info").does(R"([["r",1,[1]]])");
    const auto said =
        told.as_lists("kafka-log", {.writes_min = 2, .reads_min = 2, .final_reads = true});
    EXPECT_EQ(said.says, verdict::inconclusive);
    EXPECT_EQ(
        said.doubts,
        (std::vector<std::string>{"1 transactions that wrote succeeded; fewer than 2 prove nothing",
                                  "1 transactions that read succeeded; fewer than 2 prove nothing",
                                  "1 keys that were written were not read to their end at last"}));
}

TEST(offsets_of_registers, give_the_order_of_versions) {
    story told;
    told.does(R"([["w",1,1]])", "ok", R"(,"offsets":[7])");
    told.does(R"([["w",1,2]])", "ok", R"(,"offsets":[4])");
    told.does(R"([["r",1,1]])", "ok", R"(,"offsets":[7])");
    told.reads_at_last(R"([["r",1,1]])", R"(,"offsets":[7])");
    EXPECT_EQ(violations(told.as_registers(true)), names());
}

TEST(offsets_of_registers, name_one_version_each) {
    story told;
    told.does(R"([["w",1,1]])", "ok", R"(,"offsets":[7])");
    told.does(R"([["w",1,2]])", "ok", R"(,"offsets":[7])");
    EXPECT_EQ(violations(told.as_registers()), names{"cyclic-versions"});
}

TEST(offsets_of_registers, do_not_let_a_version_return) {
    story told;
    told.does(R"([["w",1,1]])", "ok", R"(,"offsets":[3])");
    told.does(R"([["w",1,2]])", "ok", R"(,"offsets":[4])");
    told.does(R"([["r",1,1]])", "ok", R"(,"offsets":[5])");
    EXPECT_EQ(violations(told.as_registers()), names{"cyclic-versions"});
}

TEST(offsets_of_registers, show_a_process_that_went_back) {
    story told;
    told.does(R"([["w",1,1]])", "ok", R"(,"offsets":[3])");
    told.does(R"([["w",1,2]])", "ok", R"(,"offsets":[4])");
    told.does(R"([["r",1,2]])", "ok", R"(,"offsets":[4])");
    story other = told;
    other.does(R"([["r",1,1]])", "ok", R"(,"offsets":[3])");
    EXPECT_EQ(violations(other.as_registers(true)), names());
    told.goes_on(2, R"([["r",1,1]])", R"(,"offsets":[3])");
    EXPECT_EQ(violations(told.as_registers(true)), names{"cyclic-versions"});
    EXPECT_EQ(violations(told.as_registers(false)), names());
}

TEST(final_reads_of_registers, must_not_be_older_than_what_was_acknowledged) {
    story told;
    told.does(R"([["w",1,1]])", "ok", R"(,"offsets":[3])");
    told.does(R"([["w",1,2]])", "ok", R"(,"offsets":[5])");
    story last = told;
    last.reads_at_last(R"([["r",1,1]])", R"(,"offsets":[3])");
    EXPECT_EQ(violations(last.as_registers()), names{"lost-write"});
    last = told;
    last.reads_at_last(R"([["r",1,null]])", R"(,"offsets":[null])");
    EXPECT_EQ(violations(last.as_registers()), names{"lost-write"});
    last = told;
    last.reads_at_last(R"([["r",1,2]])", R"(,"offsets":[5])");
    EXPECT_EQ(violations(last.as_registers()), names());
}

TEST(final_reads_of_registers, without_offsets_tell_only_what_is_not_there_at_all) {
    story told;
    told.does(R"([["w",1,1]])").does(R"([["w",1,2]])");
    story last = told;
    last.reads_at_last(R"([["r",1,1]])");
    EXPECT_EQ(violations(last.as_registers()), names());
    last = told;
    last.reads_at_last(R"([["r",1,null]])");
    EXPECT_EQ(violations(last.as_registers()), names{"lost-write"});
}

}  // namespace
}  // namespace verdikt::checker
