/// What the writer writes the reader reads back, and the reader survives anything else.
#include "kafka/buffer_reader.h"
#include "kafka/buffer_writer.h"
#include "kafka/varint.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <vector>

namespace verdikt::kafka {
namespace {

std::vector<std::byte> bytes_of(std::initializer_list<int> values) {
    std::vector<std::byte> bytes;
    for (const int value : values) bytes.push_back(static_cast<std::byte>(value));
    return bytes;
}

TEST(buffer_writer, writes_integers_with_the_highest_byte_first) {
    std::vector<std::byte> out;
    buffer_writer writer(out);
    writer.write<std::int8_t>(-1);
    writer.write<std::int16_t>(0x0102);
    writer.write<std::uint32_t>(0xfffefdfc);
    writer.write<std::int64_t>(1);
    EXPECT_EQ(out, bytes_of({0xff, 1, 2, 0xff, 0xfe, 0xfd, 0xfc, 0, 0, 0, 0, 0, 0, 0, 1}));
}

TEST(buffer_writer, patches_a_length_left_open) {
    std::vector<std::byte> out;
    buffer_writer writer(out);
    writer.write<std::int32_t>(0);
    writer.write_text("ab");
    writer.patch<std::int32_t>(0, 2);
    EXPECT_EQ(out, bytes_of({0, 0, 0, 2, 'a', 'b'}));
}

TEST(buffer_reader, reads_back_variable_length_integers_of_every_size) {
    std::vector<std::byte> out;
    buffer_writer writer(out);
    std::vector<std::int64_t> values{0, std::numeric_limits<std::int64_t>::min()};
    for (int shift = 0; shift < 63; ++shift) {
        values.push_back(std::int64_t{1} << shift);
        values.push_back(-(std::int64_t{1} << shift));
        values.push_back((std::int64_t{1} << shift) - 1);
    }
    for (const std::int64_t value : values) {
        const std::size_t before = out.size();
        writer.write_varlong(value);
        EXPECT_EQ(out.size() - before, varlong_size(value));
        writer.write_varint(static_cast<std::int32_t>(value));
        writer.write_uvarint(static_cast<std::uint64_t>(value));
    }
    buffer_reader reader(out);
    for (const std::int64_t value : values) {
        EXPECT_EQ(reader.read_varlong(), value);
        EXPECT_EQ(reader.read_varint(), static_cast<std::int32_t>(value));
        EXPECT_EQ(reader.read_uvarlong(), static_cast<std::uint64_t>(value));
    }
    EXPECT_FALSE(reader.failed());
    EXPECT_EQ(reader.remaining(), 0U);
}

TEST(buffer_reader, refuses_a_variable_length_integer_of_more_bits_than_its_type) {
    const auto largest = bytes_of({0xff, 0xff, 0xff, 0xff, 0x0f});
    EXPECT_EQ(buffer_reader(largest).read_uvarint(), 0xffffffffU);
    for (const auto& input : {bytes_of({0xff, 0xff, 0xff, 0xff, 0x1f}),
                              bytes_of({0x80, 0x80, 0x80, 0x80, 0x80, 0x00})}) {
        buffer_reader reader(input);
        EXPECT_EQ(reader.read_uvarint(), 0U);
        EXPECT_EQ(reader.error(),
                  (decode_error{.what = decode_errc::varint_too_long, .position = 0}));
    }
}

TEST(buffer_reader, keeps_its_first_failure_and_yields_zeros_from_then_on) {
    const auto input = bytes_of({1, 2, 3});
    buffer_reader reader(input);
    EXPECT_EQ(reader.read<std::int8_t>(), 1);
    EXPECT_EQ(reader.read<std::int32_t>(), 0);
    reader.name_failure("length");
    reader.fail(decode_errc::bad_length, "other");
    EXPECT_EQ(reader.read<std::int8_t>(), 0);
    EXPECT_TRUE(reader.read_bytes(1).empty());
    EXPECT_EQ(reader.remaining(), 0U);
    EXPECT_EQ(reader.error(),
              (decode_error{.what = decode_errc::truncated, .position = 1, .where = "length"}));
}

}  // namespace
}  // namespace verdikt::kafka
