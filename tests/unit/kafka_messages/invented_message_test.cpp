/// Kinds of fields that no message of today has, in a message of our own invention.
#include "kafka/messages/decode.h"
#include "kafka/messages/encode.h"
#include "kafka/messages/field.h"

#include <gtest/gtest.h>

#include <vector>

namespace verdikt::kafka::messages {
namespace {

struct place {
    static const struct_schema schema;

    std::uint16_t port = 0;

    bool operator==(const place&) const = default;
};

struct invented {
    static const message_schema schema;

    std::uint32_t checksum = 0;
    double ratio = 0;
    std::optional<place> home;
    std::optional<place> work;
    std::vector<std::vector<std::byte>> blobs;
    std::optional<std::vector<std::byte>> secret;

    bool operator==(const invented&) const = default;
};

constexpr std::array place_fields{field<&place::port>("port", since(0))};

constexpr std::array invented_fields{
    field<&invented::checksum>("checksum", since(0)),
    field<&invented::ratio>("ratio", since(0)),
    field<&invented::home>("home", since(0)).nullable(since(1)),
    field<&invented::work>("work", since(2)).nullable(since(2)).tagged(0, since(2)),
    field<&invented::blobs>("blobs", since(0)),
    field<&invented::secret>("secret", since(0)).nullable(since(0)),
};

}  // namespace

constinit const struct_schema place::schema = structure<place>("Place", place_fields);
constinit const message_schema invented::schema =
    message<invented>("Invented",
                      {.role = message_role::data, .versions = between(0, 2), .flexible_since = 2},
                      invented_fields);

namespace {

const invented example{.checksum = 0xfffefdfc,
                       .ratio = 0.5,
                       .home = place{.port = 65535},
                       .blobs = {{std::byte{1}}, {}},
                       .secret = std::vector<std::byte>{}};

TEST(invented_message, comes_back_as_it_was) {
    for (const std::int16_t version : {0, 1, 2}) {
        encoded out;
        ASSERT_TRUE(encode(example, version, out));
        EXPECT_EQ(decode<invented>(out.bytes, version, trailing_bytes::refused), example);
    }
}

TEST(invented_message, says_before_a_nullable_struct_whether_it_is_there) {
    invented none = example;
    none.home = std::nullopt;
    encoded out;
    ASSERT_TRUE(encode(none, 1, out));
    EXPECT_EQ(out.bytes.at(12), std::byte{0xff});
    EXPECT_EQ(decode<invented>(out.bytes, 1, trailing_bytes::refused), none);
    out.bytes.at(12) = std::byte{2};
    EXPECT_EQ(decode<invented>(out.bytes, 1).error(),
              (decode_error{decode_errc::bad_presence, 12, "home"}));
    EXPECT_EQ(encode(none, 0, out).error(), (encode_error{encode_errc::null_not_allowed, "home"}));
}

TEST(invented_message, carries_a_nullable_struct_as_a_tag) {
    invented both = example;
    both.work = place{.port = 80};
    encoded out;
    ASSERT_TRUE(encode(both, 2, out));
    EXPECT_EQ(decode<invented>(out.bytes, 2, trailing_bytes::refused), both);
    EXPECT_EQ(encode(both, 1, out).error(), (encode_error{encode_errc::not_in_version, "work"}));
}

TEST(invented_message, cut_off_anywhere_is_an_error) {
    encoded out;
    ASSERT_TRUE(encode(example, 2, out));
    for (std::size_t size = 0; size < out.bytes.size(); ++size)
        EXPECT_FALSE(decode<invented>(std::span(out.bytes).first(size), 2).has_value());
}

}  // namespace
}  // namespace verdikt::kafka::messages
