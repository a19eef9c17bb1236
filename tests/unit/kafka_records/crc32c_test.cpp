#include "kafka/records/crc32c.h"

#include "sample.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

namespace verdikt::kafka::records {
namespace {

/// Bit by bit, straight from the definition.
std::uint32_t naive_crc32c(std::uint32_t crc, std::span<const std::byte> bytes) {
    crc = ~crc;
    for (const std::byte byte : bytes) {
        crc ^= std::to_integer<std::uint32_t>(byte);
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0x82f63b78U : 0U);
    }
    return ~crc;
}

std::vector<std::byte> noisy_bytes(std::size_t size) {
    std::mt19937_64 generator(size);
    std::vector<std::byte> bytes(size);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(generator());
    return bytes;
}

TEST(crc32c, gives_the_published_check_value_in_every_implementation) {
    EXPECT_EQ(crc32c(bytes_of("123456789")), 0xe3069283U);
    for (const auto& way : crc32c_implementations()) {
        EXPECT_EQ(way.extend(0, bytes_of("123456789")), 0xe3069283U) << way.name;
        EXPECT_EQ(way.extend(0, {}), 0U) << way.name;
    }
}

TEST(crc32c, equals_the_definition_at_every_alignment_and_length) {
    const std::vector<std::byte> bytes = noisy_bytes(1700);
    for (std::size_t start = 0; start < 16; ++start) {
        // Grows with the length, so that the oracle stays linear.
        std::uint32_t expected = 0;
        for (std::size_t length = 0; start + length < bytes.size(); ++length) {
            const auto part = std::span(bytes).subspan(start, length);
            for (const auto& way : crc32c_implementations()) {
                ASSERT_EQ(way.extend(0, part), expected)
                    << way.name << " " << start << " " << length;
            }
            expected = naive_crc32c(expected, std::span(bytes).subspan(start + length, 1));
        }
    }
}

TEST(crc32c,
     equals_the_definition_around_every_length_at_which_an_implementation_changes_its_step) {
    const std::vector<std::byte> bytes = noisy_bytes(3 * 4096 * 3 + 1000);
    for (const std::size_t step : {8UL, 768UL, 12288UL, 12288UL + 768UL, 24576UL, 36864UL}) {
        for (std::size_t length = step - 8; length <= step + 8; ++length) {
            const auto part = std::span(bytes).first(length);
            const std::uint32_t expected = naive_crc32c(0, part);
            for (const auto& way : crc32c_implementations()) {
                ASSERT_EQ(way.extend(0, part), expected) << way.name << " " << length;
            }
        }
    }
}

TEST(crc32c, of_a_whole_is_that_of_its_parts_extended) {
    const std::vector<std::byte> bytes = noisy_bytes(30000);
    EXPECT_TRUE(rc::check([&] {
        const auto first = *rc::gen::inRange<std::size_t>(0, bytes.size());
        const auto start = *rc::gen::arbitrary<std::uint32_t>();
        const auto whole = naive_crc32c(start, bytes);
        for (const auto& way : crc32c_implementations()) {
            const std::uint32_t part = way.extend(start, std::span(bytes).first(first));
            RC_ASSERT(way.extend(part, std::span(bytes).subspan(first)) == whole);
        }
    }));
}

}  // namespace
}  // namespace verdikt::kafka::records
