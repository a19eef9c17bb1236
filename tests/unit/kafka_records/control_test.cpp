#include "kafka/records/control.h"

#include "sample.h"

#include <gtest/gtest.h>

namespace verdikt::kafka::records {
namespace {

constexpr end_transaction_marker commit{.producer_id = producer_id(4000),
                                        .producer_epoch = producer_epoch(5),
                                        .outcome = control_type::commit,
                                        .coordinator_epoch = 17,
                                        .time = timestamp(123456)};

TEST(control, a_marker_comes_back_as_it_was_written) {
    for (const control_type outcome : {control_type::commit, control_type::abort}) {
        end_transaction_marker marker = commit;
        marker.outcome = outcome;
        const byte_buffer bytes = make_marker_batch(marker);
        EXPECT_EQ(parse_marker_batch(batch_view::parse(bytes.bytes()).value()).value(), marker);
    }
}

TEST(control, a_marker_is_one_transactional_control_record_without_sequence) {
    const byte_buffer bytes = make_marker_batch(commit);
    const batch_view batch = batch_view::parse(bytes.bytes()).value();
    EXPECT_TRUE(batch.checksum_matches());
    EXPECT_EQ(batch.attributes().bits(), 0x30);
    EXPECT_EQ(batch.base_sequence(), sequence(-1));
    EXPECT_EQ(batch.record_count(), 1);
    const record_view record = record_reader(batch.payload(), 1).next().value();
    EXPECT_EQ(text_of(*record.key), std::string("\0\0\0\1", 4));
    EXPECT_EQ(text_of(*record.value), std::string("\0\0\0\0\0\x11", 6));
}

TEST(control, an_ordinary_batch_is_no_marker) {
    const byte_buffer bytes = batch_of({{.time = 0, .key = "k", .value = "v", .headers = {}}});
    EXPECT_EQ(parse_marker_batch(batch_view::parse(bytes.bytes()).value()).error(),
              errc::bad_record);
}

TEST(control, a_control_record_of_another_type_is_no_marker) {
    const std::string leader_change("\0\0\0\2", 4);
    const byte_buffer bytes =
        batch_of({{.time = 0, .key = leader_change, .value = "v", .headers = {}}},
                 {.transactional = true, .control = true});
    const batch_view batch = batch_view::parse(bytes.bytes()).value();
    const record_view record = record_reader(batch.payload(), 1).next().value();
    EXPECT_EQ(control_type_of(record).value(), control_type::leader_change);
    EXPECT_EQ(parse_marker_batch(batch).error(), errc::bad_record);
}

TEST(control, a_control_record_with_a_short_key_is_malformed) {
    for (const char* const key : {"", "abc"}) {
        const std::string text(key);
        EXPECT_EQ(control_type_of({.key = bytes_of(text)}).error(), errc::bad_record);
    }
    EXPECT_EQ(control_type_of({}).error(), errc::bad_record);
}

}  // namespace
}  // namespace verdikt::kafka::records
