#include "cli/offset_reset.h"

#include "cli/text_table.h"

#include <gtest/gtest.h>

namespace verdikt::cli {
namespace {

constexpr partition_positions known_positions{
    .earliest = 10, .latest = 50, .committed = 20, .at_time = 33};

TEST(offset_reset, each_scenario_names_its_offset) {
    EXPECT_EQ(reset_target(to_earliest{}, known_positions), 10);
    EXPECT_EQ(reset_target(to_latest{}, known_positions), 50);
    EXPECT_EQ(reset_target(to_current{}, known_positions), 20);
    EXPECT_EQ(reset_target(to_offset{30}, known_positions), 30);
    EXPECT_EQ(reset_target(shift_by{-5}, known_positions), 15);
    EXPECT_EQ(reset_target(to_time{1}, known_positions), 33);
}

TEST(offset_reset, targets_outside_the_log_are_brought_to_its_nearer_end) {
    EXPECT_EQ(reset_target(to_offset{3}, known_positions), 10);
    EXPECT_EQ(reset_target(to_offset{300}, known_positions), 50);
    EXPECT_EQ(reset_target(shift_by{-100}, known_positions), 10);
}

TEST(offset_reset, a_group_without_a_commit_cannot_be_shifted) {
    partition_positions fresh = known_positions;
    fresh.committed.reset();
    fresh.at_time.reset();
    EXPECT_EQ(reset_target(shift_by{1}, fresh), std::nullopt);
    EXPECT_EQ(reset_target(to_current{}, fresh), 50);
    EXPECT_EQ(reset_target(to_time{1}, fresh), 50);
}

TEST(offset_reset, topic_selections_name_a_topic_and_maybe_partitions) {
    EXPECT_EQ(parse_topic_selection("t"), (topic_selection{"t", {}}));
    EXPECT_EQ(parse_topic_selection("t:0,12"), (topic_selection{"t", {0, 12}}));
    for (const char* bad : {"", ":1", "t:", "t:a", "t:1,", "t:-1", "t:1;2"}) {
        EXPECT_FALSE(parse_topic_selection(bad).has_value()) << bad;
    }
}

TEST(offset_reset, date_times_are_utc_unless_they_name_a_zone) {
    EXPECT_EQ(parse_date_time("1970-01-01T00:00:01.500"), 1500);
    EXPECT_EQ(parse_date_time("2000-02-29T12:00:00Z"), 951825600000);
    EXPECT_EQ(parse_date_time("2000-02-29T12:00:00+02:00"), 951825600000 - 7'200'000);
    for (const char* bad : {"",
                            "2000-02-30T00:00:00",
                            "2000-01-01",
                            "2000-01-01T24:00:00",
                            "2000-01-01T00:00:00.1",
                            "2000-01-01T00:00:00x"}) {
        EXPECT_FALSE(parse_date_time(bad).has_value()) << bad;
    }
}

TEST(offset_reset, durations_are_iso_8601) {
    EXPECT_EQ(parse_iso_duration("P7D"), 7 * 86'400'000);
    EXPECT_EQ(parse_iso_duration("PT1H30M"), 5'400'000);
    EXPECT_EQ(parse_iso_duration("P1DT2S"), 86'402'000);
    for (const char* bad : {"", "P", "7D", "P1H", "PT1D", "P1", "PT-1H"}) {
        EXPECT_FALSE(parse_iso_duration(bad).has_value()) << bad;
    }
}

TEST(text_table, columns_are_as_wide_as_their_widest_cell) {
    EXPECT_EQ(format_table({{"GROUP", "LAG"}, {"a-long-group", "-"}}),
              "GROUP        LAG\na-long-group -\n");
}

}  // namespace
}  // namespace verdikt::cli
