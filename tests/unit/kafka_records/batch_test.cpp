#include "kafka/records/batch.h"

#include "sample.h"

#include <gtest/gtest.h>

#include <vector>

namespace verdikt::kafka::records {
namespace {

byte_buffer sample_batch(const batch_options& options = {}) {
    return batch_of({{.time = 1000, .key = "k", .value = "v", .headers = {}},
                     {.time = 1005, .key = std::nullopt, .value = "w", .headers = {}}},
                    options);
}

batch_view parsed(const byte_buffer& batch) {
    return batch_view::parse(batch.bytes()).value();
}

TEST(batch, header_fields_come_back_as_they_were_given) {
    const byte_buffer bytes = sample_batch({.base_offset = offset(42),
                                            .epoch = leader_epoch(7),
                                            .producer_id = producer_id(9),
                                            .producer_epoch = producer_epoch(3),
                                            .base_sequence = sequence(11),
                                            .transactional = true});
    const batch_view batch = parsed(bytes);
    const batch_header header = batch.header();
    EXPECT_EQ(header.size(), bytes.size());
    EXPECT_EQ(header.base_offset, offset(42));
    EXPECT_EQ(header.last_offset(), offset(43));
    EXPECT_EQ(header.next_offset(), offset(44));
    EXPECT_EQ(header.epoch, leader_epoch(7));
    EXPECT_EQ(header.base_timestamp, timestamp(1000));
    EXPECT_EQ(header.max_timestamp, timestamp(1005));
    EXPECT_EQ(header.producer_id, producer_id(9));
    EXPECT_EQ(header.producer_epoch, producer_epoch(3));
    EXPECT_EQ(header.base_sequence, sequence(11));
    EXPECT_EQ(header.last_sequence(), sequence(12));
    EXPECT_EQ(header.record_count, 2);
    EXPECT_TRUE(header.attributes.is_transactional());
    EXPECT_FALSE(header.attributes.is_control());
    EXPECT_TRUE(batch.checksum_matches());
}

TEST(batch, accessors_of_a_view_agree_with_its_header) {
    const byte_buffer bytes = sample_batch({.base_offset = offset(5), .epoch = leader_epoch(2)});
    const batch_view batch = parsed(bytes);
    const batch_header header = batch.header();
    EXPECT_EQ(batch.base_offset(), header.base_offset);
    EXPECT_EQ(batch.last_offset(), header.last_offset());
    EXPECT_EQ(batch.next_offset(), header.next_offset());
    EXPECT_EQ(batch.epoch(), header.epoch);
    EXPECT_EQ(batch.crc(), header.crc);
    EXPECT_EQ(batch.attributes(), header.attributes);
    EXPECT_EQ(batch.last_offset_delta(), header.last_offset_delta);
    EXPECT_EQ(batch.base_timestamp(), header.base_timestamp);
    EXPECT_EQ(batch.max_timestamp(), header.max_timestamp);
    EXPECT_EQ(batch.producer_id(), header.producer_id);
    EXPECT_EQ(batch.producer_epoch(), header.producer_epoch);
    EXPECT_EQ(batch.base_sequence(), header.base_sequence);
    EXPECT_EQ(batch.record_count(), header.record_count);
    EXPECT_EQ(batch.payload().size() + batch_header_size, batch.size());
}

TEST(batch, a_stored_header_parses_to_itself) {
    EXPECT_TRUE(rc::check([] {
        const batch_header header{
            .base_offset = offset(*rc::gen::arbitrary<std::int64_t>()),
            .length = *rc::gen::inRange(49, INT32_MAX),
            .epoch = leader_epoch(*rc::gen::arbitrary<std::int32_t>()),
            .crc = *rc::gen::arbitrary<std::uint32_t>(),
            .attributes = batch_attributes(*rc::gen::arbitrary<std::int16_t>()),
            .last_offset_delta = *rc::gen::arbitrary<std::int32_t>(),
            .base_timestamp = timestamp(*rc::gen::arbitrary<std::int64_t>()),
            .max_timestamp = timestamp(*rc::gen::arbitrary<std::int64_t>()),
            .producer_id = producer_id(*rc::gen::arbitrary<std::int64_t>()),
            .producer_epoch = producer_epoch(*rc::gen::arbitrary<std::int16_t>()),
            .base_sequence = sequence(*rc::gen::arbitrary<std::int32_t>()),
            .record_count = *rc::gen::arbitrary<std::int32_t>(),
        };
        std::array<std::byte, batch_header_size> bytes{};
        store_batch_header(header, bytes);
        RC_ASSERT(parse_batch_header(bytes).value() == header);
    }));
}

TEST(batch, attribute_bits_are_those_of_the_format) {
    EXPECT_EQ(batch_attributes(0x04).compression_codec(), codec::zstd);
    EXPECT_EQ(batch_attributes(0x05).compression_codec(), std::nullopt);
    EXPECT_EQ(batch_attributes(0x08).timestamps(), timestamp_type::log_append_time);
    EXPECT_TRUE(batch_attributes(0x30).is_transactional());
    EXPECT_TRUE(batch_attributes(0x30).is_control());
    EXPECT_TRUE(batch_attributes(0x40).has_delete_horizon());
    const batch_attributes all = batch_attributes()
                                     .with(codec::lz4)
                                     .with(timestamp_type::log_append_time)
                                     .with_transactional(true)
                                     .with_control(true)
                                     .with_delete_horizon(true);
    EXPECT_EQ(all.bits(), 0x7b);
    EXPECT_EQ(all.with(codec::none).with_control(false).bits(), 0x58);
}

TEST(batch, one_cut_short_is_truncated_wherever_it_is_cut) {
    const byte_buffer bytes = sample_batch();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const auto batch = batch_view::parse(bytes.bytes().first(size));
        ASSERT_FALSE(batch.has_value());
        EXPECT_EQ(batch.error(), errc::truncated) << size;
        EXPECT_TRUE(batch_reader(bytes.bytes().first(size)).done());
        EXPECT_EQ(parse_batch_header(bytes.bytes().first(size)).has_value(),
                  size >= batch_header_size);
    }
}

TEST(batch, an_older_format_and_an_impossible_length_are_told_apart) {
    byte_buffer bytes = sample_batch();
    bytes.bytes()[16] = std::byte{1};
    EXPECT_EQ(batch_view::parse(bytes.bytes()).error(), errc::unsupported_magic);
    bytes.bytes()[16] = std::byte{2};
    for (const std::int32_t length : {INT32_MIN, -1, 0, 4, 5, 48}) {
        store_big_endian<std::int32_t>(&bytes.bytes()[8], length);
        EXPECT_EQ(batch_view::parse(bytes.bytes()).error(), errc::bad_length) << length;
    }
    store_big_endian<std::int32_t>(&bytes.bytes()[8], 49);
    EXPECT_EQ(batch_view::parse(bytes.bytes()).value().size(), batch_header_size);
}

TEST(batch, offset_and_epoch_can_be_set_without_a_new_checksum) {
    byte_buffer bytes = sample_batch();
    set_base_offset(bytes.bytes(), offset(1'000'000'000'000));
    set_leader_epoch(bytes.bytes(), leader_epoch(99));
    EXPECT_TRUE(parsed(bytes).checksum_matches());
    EXPECT_EQ(parsed(bytes).last_offset(), offset(1'000'000'000'001));
    EXPECT_EQ(parsed(bytes).epoch(), leader_epoch(99));
}

TEST(batch, setting_the_append_time_renews_the_checksum_and_hides_the_producers_times) {
    byte_buffer bytes = sample_batch({.compression_codec = codec::lz4});
    const std::uint32_t before = parsed(bytes).crc();
    set_max_timestamp(bytes.bytes(), timestamp_type::log_append_time, timestamp(5000));
    EXPECT_NE(parsed(bytes).crc(), before);
    EXPECT_TRUE(parsed(bytes).checksum_matches());
    EXPECT_EQ(parsed(bytes).attributes().compression_codec(), codec::lz4);
    for (const sample_record& record : read_all(parsed(bytes)).value())
        EXPECT_EQ(record.time, 5000);
}

TEST(batch, setting_the_timestamps_that_it_has_changes_nothing) {
    byte_buffer bytes = sample_batch();
    // Were it computed anew, the checksum would match again.
    bytes.bytes()[17] ^= std::byte{1};
    set_max_timestamp(bytes.bytes(), timestamp_type::create_time, timestamp(1005));
    EXPECT_FALSE(parsed(bytes).checksum_matches());
}

TEST(batch, consecutive_batches_are_walked_up_to_a_partial_one) {
    byte_buffer log;
    for (int base = 0; base < 6; base += 2) {
        log.append(sample_batch({.base_offset = offset(base)}).bytes());
    }
    const std::size_t whole = log.size();
    log.append(sample_batch().bytes().first(30));
    batch_reader reader(log.bytes());
    std::vector<std::int64_t> offsets;
    while (!reader.done()) offsets.push_back(reader.next().value().base_offset().value());
    EXPECT_EQ(offsets, (std::vector<std::int64_t>{0, 2, 4}));
    EXPECT_EQ(reader.position(), whole);
    EXPECT_EQ(reader.rest().size(), 30U);
}

TEST(batch, the_walk_stops_with_an_error_at_bytes_that_are_no_batch) {
    byte_buffer log = sample_batch();
    const std::size_t first = log.size();
    const std::vector<std::byte> zeros(100);
    log.append(zeros);
    batch_reader reader(log.bytes());
    EXPECT_TRUE(reader.next().has_value());
    ASSERT_FALSE(reader.done());
    EXPECT_EQ(reader.next().error(), errc::bad_length);
    EXPECT_EQ(reader.position(), first);
}

TEST(batch, any_change_behind_the_checksum_is_detected) {
    const byte_buffer original = sample_batch();
    EXPECT_TRUE(rc::check([&] {
        byte_buffer bytes;
        bytes.append(original.bytes());
        const auto at = *rc::gen::inRange<std::size_t>(17, bytes.size());
        bytes.bytes()[at] ^= static_cast<std::byte>(*rc::gen::inRange(1, 256));
        RC_ASSERT(!parsed(bytes).checksum_matches());
    }));
}

}  // namespace
}  // namespace verdikt::kafka::records
