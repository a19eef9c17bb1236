// Histories of a few lines, each with what has to be said of it.
#include "tests/unit/checker_compaction/judging.h"

#include <fmt/format.h>

namespace verdikt::checker::compaction {
namespace {

using names = std::set<std::string>;

/// Lines in order, one process an operation, a second apart unless told otherwise.
class story {
  public:
    story() {
        add("create",
            R"({"0":{"cleanup.policy":"compact","delete.retention.ms":10000}})",
            R"({"0":{"cleanup.policy":"compact","delete.retention.ms":10000}})");
    }
    story& sends(std::int64_t offset, std::string_view record, std::string_view type = "ok") {
        add("send",
            fmt::format(R"([["send",0,{}]])", record),
            fmt::format(R"([["send",0,[{},{}]]])", offset, record),
            type);
        return *this;
    }
    /// Nobody was told where it lies.
    story& sends_without_answer(std::string_view record) {
        const std::string value = fmt::format(R"([["send",0,{}]])", record);
        add("send", value, value, "info");
        return *this;
    }
    story& scans(std::int64_t end, std::string_view records) {
        add("scan",
            R"([["poll",{"0":[]}]])",
            fmt::format(R"([["poll",{{"0":{}}}]])", records),
            "ok",
            fmt::format(R"(,"start":0,"end":{})", end));
        return *this;
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
    void add(std::string_view f,
             std::string_view begun,
             std::string_view ended,
             std::string_view type = "ok",
             std::string_view more = "") {
        line("invoke", f, begun, "");
        line(type, f, ended, more);
        ++process_;
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

TEST(compaction, of_each_key_the_latest_is_enough) {
    const auto said =
        story().sends(0, "[1,10]").sends(1, "[1,11]").scans(2, "[[1,[1,11]]]").judged();
    EXPECT_EQ(said.says, verdict::valid);
}

TEST(compaction, a_latest_record_that_is_gone_was_compacted_too_much) {
    const auto said =
        story().sends(0, "[1,10]").sends(1, "[2,11]").scans(2, "[[1,[2,11]]]").judged();
    EXPECT_EQ(names_of(said.violations), names{"compacted-too-much"});
    EXPECT_EQ(said.violations.front().examples.front().operations,
              (std::vector<std::int64_t>{3, 7}));
}

TEST(compaction, a_young_tombstone_has_to_be_there_and_an_old_one_need_not) {
    const std::string_view tombstone = R"([1,11,"deleted"])";
    story young;
    young.sends(0, "[1,10]").sends(1, tombstone).scans(2, "[]");
    EXPECT_EQ(names_of(young.judged().violations), names{"compacted-too-much"});
    story old;
    old.sends(0, "[1,10]").sends(1, tombstone).waits(20).scans(2, "[]");
    EXPECT_EQ(old.judged().says, verdict::valid);
}

TEST(compaction, a_key_whose_tombstone_is_gone_and_whose_record_is_back_was_resurrected) {
    story one;
    one.sends(0, "[1,10]").sends(1, R"([1,11,"deleted"])").waits(20).scans(2, "[[0,[1,10]]]");
    EXPECT_EQ(names_of(one.judged().violations), names{"resurrected"});
}

TEST(compaction, what_only_an_unknown_send_could_have_displaced_is_a_doubt) {
    story one;
    one.sends(0, "[1,10]").sends_without_answer("[1,11]").scans(2, "[]");
    EXPECT_EQ(one.judged().says, verdict::inconclusive);
    EXPECT_EQ(names_of(one.judged().violations), names{});
}

TEST(compaction, records_where_nobody_looked_are_a_doubt) {
    story one;
    one.scans(0, "[]").sends(0, "[1,10]");
    EXPECT_EQ(one.judged().says, verdict::inconclusive);
}

}  // namespace
}  // namespace verdikt::checker::compaction
