#include "kafka/records/batch_builder.h"

#include "sample.h"

#include <gtest/gtest.h>

namespace verdikt::kafka::records {
namespace {

batch_view built(batch_builder& builder, const batch_options& options = {}) {
    const auto bytes = builder.build(options, compression::of_this_thread());
    return batch_view::parse(bytes.value()).value();
}

TEST(batch_builder, knows_what_a_record_adds_before_it_is_appended) {
    EXPECT_TRUE(rc::check([](const std::vector<sample_record>& records) {
        batch_builder builder;
        std::vector<record_header> headers;
        for (const sample_record& sample : records) {
            headers.clear();
            for (const auto& [key, value] : sample.headers)
                headers.push_back({key, borrowed(value)});
            const new_record record{
                timestamp(sample.time), borrowed(sample.key), borrowed(sample.value), headers};
            const std::size_t expected = builder.uncompressed_size() + builder.size_of(record);
            builder.append(record);
            RC_ASSERT(builder.uncompressed_size() == expected);
        }
        RC_PRE(!records.empty());
        RC_ASSERT(built(builder).size() == builder.uncompressed_size());
    }));
}

TEST(batch_builder, builds_the_same_records_again_under_another_producer_epoch) {
    batch_builder builder;
    builder.append({.time = timestamp(1), .key = bytes_of("k"), .value = bytes_of("v")});
    const auto first = read_all(built(builder, {.compression_codec = codec::zstd}));
    const batch_view again = built(builder,
                                   {.compression_codec = codec::zstd,
                                    .producer_id = producer_id(1),
                                    .producer_epoch = producer_epoch(2),
                                    .base_sequence = sequence(0)});
    EXPECT_EQ(again.producer_epoch(), producer_epoch(2));
    EXPECT_TRUE(again.checksum_matches());
    EXPECT_EQ(read_all(again), first);
}

TEST(batch_builder, starts_over_after_a_reset) {
    batch_builder builder;
    builder.append({.time = timestamp(1), .key = bytes_of("old"), .value = {}});
    builder.reset();
    EXPECT_TRUE(builder.empty());
    builder.append({.time = timestamp(50), .key = bytes_of("new"), .value = {}});
    const batch_view batch = built(builder);
    EXPECT_EQ(batch.record_count(), 1);
    EXPECT_EQ(batch.base_timestamp(), timestamp(50));
    EXPECT_EQ(read_all(batch).value().front().key, "new");
}

TEST(batch_builder, keeps_gaps_and_the_offset_range_for_compaction) {
    batch_builder builder;
    builder.append_at(3, {.time = timestamp(10), .key = bytes_of("a"), .value = bytes_of("1")});
    builder.append_at(8, {.time = timestamp(20), .key = bytes_of("b"), .value = bytes_of("2")});
    const batch_view batch = built(builder, {.base_offset = offset(100), .last_offset_delta = 12});
    EXPECT_EQ(batch.record_count(), 2);
    EXPECT_EQ(batch.last_offset(), offset(112));
    record_reader reader(batch.payload(), 2);
    EXPECT_EQ(reader.next().value().offset_in(batch.header()), offset(103));
    EXPECT_EQ(reader.next().value().offset_in(batch.header()), offset(108));
}

TEST(batch_builder, makes_a_batch_without_records_that_keeps_its_place) {
    batch_builder builder;
    const batch_view batch = built(builder,
                                   {.max_timestamp = timestamp(77),
                                    .base_offset = offset(5),
                                    .producer_id = producer_id(3),
                                    .base_sequence = sequence(4),
                                    .last_offset_delta = 9});
    EXPECT_EQ(batch.size(), batch_header_size);
    EXPECT_EQ(batch.record_count(), 0);
    EXPECT_EQ(batch.last_offset(), offset(14));
    EXPECT_EQ(batch.max_timestamp(), timestamp(77));
    EXPECT_TRUE(batch.checksum_matches());
    EXPECT_TRUE(read_all(batch).value().empty());
}

TEST(batch_builder, counts_record_times_from_a_delete_horizon) {
    batch_builder builder;
    builder.reset(timestamp(1000));
    builder.append({.time = timestamp(400), .key = bytes_of("k"), .value = std::nullopt});
    const batch_view batch = built(builder, {.delete_horizon = true});
    EXPECT_TRUE(batch.attributes().has_delete_horizon());
    EXPECT_EQ(batch.base_timestamp(), timestamp(1000));
    EXPECT_EQ(read_all(batch).value().front().time, 400);
}

TEST(batch_builder, writes_the_append_time_over_the_records_own) {
    batch_builder builder;
    builder.append({.time = timestamp(1), .key = {}, .value = bytes_of("v")});
    const batch_view batch = built(
        builder, {.timestamps = timestamp_type::log_append_time, .max_timestamp = timestamp(900)});
    EXPECT_EQ(batch.max_timestamp(), timestamp(900));
    EXPECT_EQ(read_all(batch).value().front().time, 900);
}

}  // namespace
}  // namespace verdikt::kafka::records
