// What the recorder writes, and when.
#include "workloads/recorder/recorder.h"

#include <gtest/gtest.h>

namespace verdikt::workloads {
namespace {

using namespace std::chrono_literals;
using checker::history::datum;
using checker::history::op_type;

class kept_lines : public line_sink {
  public:
    void append(std::string_view line) override { text += line; }
    std::string text;
};

class recorder_test : public testing::Test {
  protected:
    static datum send_of(std::int64_t value) {
        datum made;
        made.open_vector();
        made.open_vector();
        made.add_keyword("send");
        made.add_integer(3);
        made.add_integer(value);
        made.close();
        made.close();
        return made;
    }

    runtime::instant now_{5s};
    kept_lines lines_;
    recorder recorder_{lines_, [this] { return now_; }};
};

TEST_F(recorder_test, an_operation_is_written_down_before_it_is_done_and_when_it_has_ended) {
    auto one = recorder_.begin(7, "send", send_of(1));
    const std::string begun =
        R"({"index":0,"time":0,"process":7,"type":"invoke","f":"send","value":[["send",3,1]]})"
        "\n";
    EXPECT_EQ(lines_.text, begun);
    now_ += 2us;
    one.end(op_type::ok);
    const std::string ended =
        R"({"index":1,"time":2000,"process":7,"type":"ok","f":"send","value":[["send",3,1]]})"
        "\n";
    EXPECT_EQ(lines_.text, begun + ended);
    EXPECT_EQ(recorder_.counts().ok, 1U);
}

TEST_F(recorder_test, nobody_knows_what_became_of_an_operation_that_was_dropped) {
    {
        const auto one = recorder_.begin(0, "send", send_of(1));
        lines_.text.clear();
    }
    const std::string ended =
        R"({"index":1,"time":0,"process":0,"type":"info","f":"send","value":[["send",3,1]],)"
        R"("error":":dropped"})"
        "\n";
    EXPECT_EQ(lines_.text, ended);
    EXPECT_EQ(recorder_.counts_by_f().at("send").unknown, 1U);
}

TEST_F(recorder_test, an_operation_that_moves_ends_once) {
    auto one = recorder_.begin(0, "send", send_of(1));
    {
        const auto moved = std::move(one);
    }
    EXPECT_EQ(recorder_.lines(), 2);
}

TEST_F(recorder_test, what_the_nemesis_does_counts_as_no_operation) {
    datum what;
    what.add_text("node 1");
    recorder_.note("kill", std::move(what));
    EXPECT_EQ(recorder_.counts().unknown, 0U);
    EXPECT_NE(lines_.text.find(R"("process":"nemesis")"), std::string::npos);
}

TEST_F(recorder_test, processes_have_numbers_that_are_never_used_twice) {
    const auto first = recorder_.fresh_process();
    EXPECT_NE(first, recorder_.fresh_process());
}

}  // namespace
}  // namespace verdikt::workloads
