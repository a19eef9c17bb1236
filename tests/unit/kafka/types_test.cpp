#include "kafka/types.h"

#include <gtest/gtest.h>

#include <rapidcheck.h>

#include <algorithm>
#include <array>

namespace verdikt::kafka {
namespace {

TEST(types, sequences_wrap_from_the_largest_to_zero) {
    EXPECT_EQ(sequence(INT32_MAX).next(), sequence(0));
    EXPECT_EQ(sequence(INT32_MAX - 1).plus(5), sequence(3));
}

TEST(types, uuids_are_printed_as_url_safe_base64) {
    uuid id;
    EXPECT_EQ(to_text(id), "AAAAAAAAAAAAAAAAAAAAAA");
    id.bytes.fill(std::byte{0xff});
    EXPECT_EQ(fmt::format("{}", id), "_____________________w");
    id.bytes[0] = std::byte{0x00};
    EXPECT_EQ(to_text(id), "AP___________________w");
}

TEST(types, uuids_are_read_as_they_are_printed) {
    const bool holds = rc::check([](const std::array<std::uint8_t, 16>& raw) {
        uuid any;
        std::ranges::transform(raw, any.bytes.begin(), [](auto b) { return std::byte(b); });
        RC_ASSERT(uuid_from_text(to_text(any)) == any);
    });
    EXPECT_TRUE(holds);
    EXPECT_EQ(uuid_from_text(""), std::nullopt);
    EXPECT_EQ(uuid_from_text("short"), std::nullopt);
    EXPECT_EQ(uuid_from_text("AAAAAAAAAAAAAAAAAAAAAAA"), std::nullopt);
    EXPECT_EQ(uuid_from_text("AAAAAAAAAAAAAAAAAAAAAB"), std::nullopt);
    EXPECT_EQ(uuid_from_text("__79_Pv6-fj39vX08_Lx8!"), std::nullopt);
}

}  // namespace
}  // namespace verdikt::kafka
