#include "kafka/records/record.h"

#include "sample.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace verdikt::kafka::records {
namespace {

using samples = std::vector<sample_record>;

TEST(record, any_records_come_back_through_any_codec) {
    EXPECT_TRUE(rc::check([](const samples& records, codec which) {
        RC_PRE(!records.empty());
        const byte_buffer bytes = batch_of(records, {.compression_codec = which});
        const batch_view batch = batch_view::parse(bytes.bytes()).value();
        RC_ASSERT(batch.size() == bytes.size());
        RC_ASSERT(batch.checksum_matches());
        RC_ASSERT(batch.attributes().compression_codec() == which);
        RC_ASSERT(read_all(batch).value() == records);
    }));
}

TEST(record, null_and_empty_are_different_keys_and_values) {
    const samples records{
        {.time = 0, .key = std::nullopt, .value = "", .headers = {{"", std::nullopt}}},
        {.time = 0, .key = "", .value = std::nullopt, .headers = {{"h", ""}}}};
    const byte_buffer bytes = batch_of(records);
    EXPECT_EQ(read_all(batch_view::parse(bytes.bytes()).value()).value(), records);
}

TEST(record, views_borrow_the_bytes_of_the_batch) {
    const byte_buffer bytes =
        batch_of({{.time = 0, .key = "key", .value = "value", .headers = {}}});
    const batch_view batch = batch_view::parse(bytes.bytes()).value();
    const record_view record = record_reader(batch.payload(), 1).next().value();
    EXPECT_GE(record.key->data(), bytes.data());
    EXPECT_LE(record.value->data() + record.value->size(), bytes.data() + bytes.size());
    EXPECT_EQ(record.size, batch.payload().size());
}

TEST(record, offsets_and_times_count_from_those_of_the_batch) {
    const byte_buffer bytes = batch_of({{.time = 100, .key = {}, .value = {}, .headers = {}},
                                        {.time = 90, .key = {}, .value = {}, .headers = {}}},
                                       {.base_offset = offset(7)});
    const batch_view batch = batch_view::parse(bytes.bytes()).value();
    record_reader reader(batch.payload(), batch.record_count());
    static_cast<void>(reader.next());
    const record_view second = reader.next().value();
    EXPECT_EQ(second.offset_in(batch.header()), offset(8));
    EXPECT_EQ(second.timestamp_in(batch.header()), timestamp(90));
    EXPECT_TRUE(reader.done());
}

TEST(record, more_or_fewer_records_than_claimed_are_an_error) {
    const byte_buffer bytes = batch_of({{.time = 0, .key = "a", .value = {}, .headers = {}},
                                        {.time = 0, .key = "b", .value = {}, .headers = {}}});
    const auto payload = batch_view::parse(bytes.bytes()).value().payload();
    record_reader too_many(payload, 3);
    EXPECT_TRUE(too_many.next().has_value());
    EXPECT_TRUE(too_many.next().has_value());
    EXPECT_EQ(too_many.next().error(), errc::bad_record);
    EXPECT_TRUE(too_many.done());
    record_reader too_few(payload, 1);
    EXPECT_EQ(too_few.next().error(), errc::bad_record);
}

/// A record's bytes: length, attributes, timestamp delta, offset delta, then as given.
std::vector<std::byte> raw_record(const std::vector<int>& rest, int length_error = 0) {
    std::vector<std::byte> bytes;
    const auto length = static_cast<int>(rest.size()) + 3 + length_error;
    for (const int value : {2 * length, 0, 0, 0}) bytes.push_back(static_cast<std::byte>(value));
    for (const int value : rest) bytes.push_back(static_cast<std::byte>(value));
    return bytes;
}

TEST(record, malformed_fields_are_errors) {
    const auto is_good = [](const std::vector<std::byte>& bytes) {
        return record_reader(bytes, 1).next().has_value();
    };
    EXPECT_TRUE(is_good(raw_record({1, 1, 0})));
    EXPECT_TRUE(is_good(raw_record({2, 'k', 1, 0})));
    EXPECT_TRUE(is_good(raw_record({1, 1, 2, 2, 'h', 1})));
    EXPECT_FALSE(is_good(raw_record({3, 1, 0}))) << "key length -2";
    EXPECT_FALSE(is_good(raw_record({1, 3, 0}))) << "value length -2";
    EXPECT_FALSE(is_good(raw_record({100, 1, 0}))) << "key longer than the record";
    EXPECT_FALSE(is_good(raw_record({1, 1, 1}))) << "header count -1";
    EXPECT_FALSE(is_good(raw_record({1, 1, 2}))) << "a header missing";
    EXPECT_FALSE(is_good(raw_record({1, 1, 2, 1, 1}))) << "a header without key";
    EXPECT_FALSE(is_good(raw_record({1, 1, 0, 0}))) << "bytes after the last field";
    EXPECT_FALSE(is_good(raw_record({1, 1, 0}, 1))) << "length past the end";
    EXPECT_FALSE(is_good(raw_record({1, 1, 0}, -1))) << "length before the end";
    EXPECT_FALSE(is_good({std::byte{0}})) << "no attributes";
    EXPECT_FALSE(is_good({std::byte{1}, std::byte{0}})) << "negative length";
    EXPECT_FALSE(is_good({}));
    const std::vector<std::byte> endless(20, std::byte{0xff});
    EXPECT_FALSE(is_good(endless)) << "a varint that never ends";
}

/// Copies to the heap at exact size, so that the address sanitizer sees any read past the end.
void walk_exact_copy(std::span<const std::byte> bytes, std::int32_t count) {
    const auto copy = std::make_unique<std::byte[]>(bytes.size());
    std::ranges::copy(bytes, copy.get());
    record_reader reader({copy.get(), bytes.size()}, count);
    std::size_t seen = 0;
    while (!reader.done()) {
        const auto record = reader.next();
        if (!record) break;
        seen += record->size;
        RC_ASSERT(seen <= bytes.size());
        std::size_t inner = 0;
        for (const record_header& header : record->headers) {
            inner += header.key.size() + (header.value ? header.value->size() : 0);
        }
        RC_ASSERT(inner <= record->size);
    }
}

TEST(record, a_mutated_payload_never_makes_the_reader_leave_it) {
    EXPECT_TRUE(rc::check([](const samples& records) {
        RC_PRE(!records.empty());
        byte_buffer bytes = batch_of(records);
        const auto payload = bytes.bytes().subspan(batch_header_size);
        const auto changes = *rc::gen::inRange(1, 4);
        for (int i = 0; i < changes; ++i) {
            payload[*rc::gen::inRange<std::size_t>(0, payload.size())] =
                static_cast<std::byte>(*rc::gen::arbitrary<std::uint8_t>());
        }
        walk_exact_copy(payload, static_cast<std::int32_t>(records.size()) + 1);
        walk_exact_copy(payload.first(*rc::gen::inRange<std::size_t>(0, payload.size())),
                        static_cast<std::int32_t>(records.size()));
    }));
}

}  // namespace
}  // namespace verdikt::kafka::records
