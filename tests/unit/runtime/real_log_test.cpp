#include "runtime/real/log.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

namespace verdikt::runtime::real {
namespace {

const log_stamp stamp{.time = wall_instant(std::chrono::milliseconds(1767225600042)),
                      .node = "node-1",
                      .level = log_level::warning};

TEST(log_line, starts_with_time_node_and_level) {
    EXPECT_EQ(format_text_line(stamp, "segment_rolled", {}),
              "2026-01-01T00:00:00.042Z node-1 warning segment_rolled");
}

TEST(log_line, has_its_fields_in_order_and_quotes_where_a_reader_would_stumble) {
    const std::vector<log_field> fields{{"offset", 42},
                                        {"path", "/data/t-0"},
                                        {"reason", "no space left"},
                                        {"empty", ""},
                                        {"odd", "a\"b\\c\nd\x01=e"}};
    EXPECT_EQ(format_text_line(stamp, "failed", fields),
              "2026-01-01T00:00:00.042Z node-1 warning failed offset=42 path=/data/t-0 "
              "reason=\"no space left\" empty=\"\" odd=\"a\\\"b\\\\c\\nd\\u0001=e\"");
}

TEST(log_line, may_be_json) {
    const std::vector<log_field> fields{{"offset", 42}, {"reason", "a \"quote\"\t"}};
    EXPECT_EQ(format_json_line(stamp, "failed", fields),
              R"({"time":"2026-01-01T00:00:00.042Z","node":"node-1","level":"warning",)"
              R"("event":"failed","offset":"42","reason":"a \"quote\"\t"})");
}

/// What a sink with these options wrote for one line of each level.
std::string written(log_options options) {
    std::FILE* const out = std::tmpfile();
    options.out = out;
    {
        const auto sink = make_log_sink("node-1", options);
        sink->write(log_level::debug, "quiet");
        sink->write(log_level::info, "spoken", {{"number", 1}});
        sink->write(log_level::error, "loud");
    }
    std::rewind(out);
    std::string text(4096, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), out));
    std::fclose(out);
    return text;
}

TEST(log_sink, writes_what_is_at_its_level_or_above_and_all_of_it_before_it_ends) {
    const std::string text = written({.level = log_level::info, .format = log_format::text});
    EXPECT_EQ(text.find("quiet"), std::string::npos);
    EXPECT_NE(text.find(" node-1 info spoken number=1\n"), std::string::npos);
    EXPECT_NE(text.find(" node-1 error loud\n"), std::string::npos);
}

TEST(log_sink, speaks_json_where_asked) {
    const std::string text = written({.level = log_level::debug, .format = log_format::json});
    EXPECT_NE(text.find(R"("event":"quiet"})"), std::string::npos);
    EXPECT_NE(text.find(R"("event":"spoken","number":"1"})"), std::string::npos);
}

}  // namespace
}  // namespace verdikt::runtime::real
