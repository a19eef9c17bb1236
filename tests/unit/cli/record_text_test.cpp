#include "cli/record_text.h"

#include <gtest/gtest.h>

namespace verdikt::cli {
namespace {

TEST(record_text, a_line_is_a_value_by_default) {
    const auto parser = record_parser::from({});
    ASSERT_TRUE(parser.has_value());
    EXPECT_EQ(parser->parse("a\tb"), (text_record{.key = {}, .value = "a\tb", .headers = {}}));
}

TEST(record_text, headers_key_and_value_are_parted_by_their_separators) {
    const auto parser = record_parser::from({{"parse.key", "true"},
                                             {"key.separator", "="},
                                             {"parse.headers", "true"},
                                             {"null.marker", "NULL"}});
    ASSERT_TRUE(parser.has_value());
    const auto record = parser->parse("h1:v1,h2:NULL\tkey=a=b");
    ASSERT_TRUE(record.has_value()) << record.error();
    EXPECT_EQ(*record,
              (text_record{
                  .key = "key", .value = "a=b", .headers = {{"h1", "v1"}, {"h2", std::nullopt}}}));
    EXPECT_EQ(parser->parse("\tNULL=x")->key, std::nullopt);
}

TEST(record_text, a_line_without_its_key_separator_is_refused) {
    const auto parser = record_parser::from({{"parse.key", "true"}});
    const auto record = parser->parse("no key here");
    ASSERT_FALSE(record.has_value());
    EXPECT_NE(record.error().find("key separator"), std::string::npos);
}

TEST(record_text, an_unknown_property_names_the_nearest) {
    const auto parser = record_parser::from({{"parse.kye", "true"}});
    ASSERT_FALSE(parser.has_value());
    EXPECT_EQ(parser.error(), "unknown property 'parse.kye'; did you mean parse.key?");
    const auto printer = record_printer::from({{"print.key", "yes"}});
    ASSERT_FALSE(printer.has_value());
    EXPECT_EQ(printer.error(), "property print.key is true or false, not 'yes'");
}

TEST(record_text, prints_the_columns_that_were_asked_for_in_kafkas_order) {
    const auto printer = record_printer::from({{"print.key", "true"},
                                               {"print.timestamp", "true"},
                                               {"print.offset", "true"},
                                               {"print.partition", "true"},
                                               {"print.headers", "true"}});
    ASSERT_TRUE(printer.has_value());
    printed_record record{.partition = 3, .offset = 42, .timestamp_ms = 99, .value = "v"};
    EXPECT_EQ(printer->print(record),
              "CreateTime:99\tPartition:3\tOffset:42\tNO_HEADERS\tnull\tv\n");
    record.headers = {{"a", "1"}, {"b", std::nullopt}};
    record.key = "k";
    record.log_append_time = true;
    EXPECT_EQ(printer->print(record),
              "LogAppendTime:99\tPartition:3\tOffset:42\ta:1,b:null\tk\tv\n");
}

TEST(record_text, properties_without_an_equals_sign_are_refused) {
    const auto parsed = parse_properties({"a=b", "c"});
    ASSERT_FALSE(parsed.has_value());
    EXPECT_EQ(parsed.error(), "'c' is not of the form key=value");
}

}  // namespace
}  // namespace verdikt::cli
