// Histories of a few lines, each with what has to be said of it.
#include "tests/unit/checker_admin/judging.h"

#include <fmt/format.h>

namespace verdikt::checker::admin {
namespace {

using names = std::set<std::string>;

/// Lines in order, one process an operation, a second apart.
class story {
  public:
    story& creates(std::string_view topic, int partitions, std::string_view type = "ok") {
        const std::string value =
            fmt::format(R"({{"topic":"{}","partitions":{},"configs":{{}}}})", topic, partitions);
        return add("create-topic", value, value, type);
    }
    story& deletes(std::string_view topic, std::string_view type = "ok") {
        const std::string value = fmt::format(R"({{"topic":"{}"}})", topic);
        return add("delete-topic", value, value, type);
    }
    story& shows(int broker, std::string_view topics, std::string_view more = "") {
        return add("describe-topics",
                   fmt::format(R"({{"broker":{}}})", broker),
                   fmt::format(R"({{"broker":{},"topics":{}}})", broker, topics),
                   "ok",
                   more);
    }
    story& waits(std::int64_t seconds) {
        time_ += seconds;
        return *this;
    }
    [[nodiscard]] judgement judged() const {
        auto said = judge(text_);
        EXPECT_TRUE(said) << said.error();
        return said ? *said : judgement{};
    }

  private:
    story& add(std::string_view f,
               std::string_view begun,
               std::string_view ended,
               std::string_view type,
               std::string_view more = "") {
        line("invoke", f, begun, "");
        line(type, f, ended, more);
        ++process_;
        return *this;
    }
    void line(std::string_view type,
              std::string_view f,
              std::string_view value,
              std::string_view more) {
        text_ +=
            fmt::format(R"({{"index":{},"time":{},"process":{},"type":"{}","f":"{}","value":{}{}}})"
                        "\n",
                        index_++,
                        time_++ * 1'000'000'000,
                        process_,
                        type,
                        f,
                        value,
                        more);
    }

    std::string text_;
    std::int64_t index_ = 0;
    std::int64_t time_ = 0;
    std::int64_t process_ = 0;
};

TEST(administration, a_broker_that_shows_nothing_new_may_be_behind) {
    story one;
    one.creates("a", 1).creates("b", 1).shows(1, R"({"a":null,"b":null})");
    EXPECT_EQ(names_of(one.judged().violations), names{});
    // It was never seen to know.
    EXPECT_EQ(one.judged().says, verdict::inconclusive);
}

TEST(administration, who_shows_what_came_later_has_to_show_what_was_acknowledged_before) {
    story one;
    one.creates("a", 1).creates("b", 1).shows(1, R"({"a":null,"b":1})");
    const auto said = one.judged();
    EXPECT_EQ(names_of(said.violations), names{"acknowledged-then-absent"});
    EXPECT_EQ(said.violations.front().examples.front().operations,
              (std::vector<std::int64_t>{1, 3, 5}));
}

TEST(administration, once_all_is_healed_the_lag_is_bounded) {
    story behind;
    behind.creates("a", 1).waits(5).shows(1, R"({"a":null})", R"(,"final":true)");
    EXPECT_EQ(names_of(behind.judged().violations), names{});
    story too_far;
    too_far.creates("a", 1).waits(30).shows(1, R"({"a":null})", R"(,"final":true)");
    const auto said = too_far.judged();
    EXPECT_EQ(names_of(said.violations), names{"acknowledged-then-absent"});
    EXPECT_EQ(said.violations.front().examples.front().how, certainty::inferred);
}

TEST(administration, what_one_broker_has_shown_another_may_not_lack_later) {
    story one;
    one.creates("a", 1, "info")
        .shows(1, R"({"a":1})")
        .creates("b", 1)
        .shows(2, R"({"a":null,"b":1})");
    EXPECT_EQ(names_of(one.judged().violations), names{"two-answers"});
}

TEST(administration, what_is_unknown_may_happen_at_any_time) {
    story one;
    one.creates("a", 1).deletes("a", "info").creates("b", 1);
    one.shows(1, R"({"a":1,"b":1})").shows(1, R"({"a":null,"b":1})");
    EXPECT_EQ(one.judged().says, verdict::valid);
}

TEST(administration, what_failed_must_not_be_seen) {
    story one;
    one.creates("a", 1, "fail").shows(1, R"({"a":1})");
    EXPECT_EQ(names_of(one.judged().violations), names{"phantom-change"});
}

}  // namespace
}  // namespace verdikt::checker::admin
