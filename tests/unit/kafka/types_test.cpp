#include "kafka/types.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace verdikt::kafka
