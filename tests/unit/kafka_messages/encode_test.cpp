/// What encoding writes, and what it refuses to write.
#include "kafka/messages/encode.h"

#include "kafka/messages/decode.h"
#include "kafka/messages/fetch.h"
#include "kafka/messages/find_coordinator.h"
#include "kafka/messages/join_group.h"
#include "kafka/messages/leave_group.h"
#include "kafka/messages/list_groups.h"
#include "kafka/messages/metadata.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace verdikt::kafka::messages {
namespace {

template <typename Message>
encode_error error_of(const Message& message, std::int16_t version) {
    encoded out;
    const auto written = encode(message, version, out);
    EXPECT_FALSE(written.has_value());
    EXPECT_TRUE(out.bytes.empty());
    return written ? encode_error{} : written.error();
}

fetch_response response_with(std::optional<record_data> records) {
    fetch_response response;
    response.responses.push_back({.topic = "t", .partitions = {{.records = records}}});
    return response;
}

TEST(encode, refuses_a_value_that_the_version_has_no_field_for) {
    EXPECT_EQ(error_of(list_groups_request{.states_filter = {"Stable"}}, 3),
              (encode_error{encode_errc::not_in_version, "states_filter"}));
    EXPECT_EQ(
        error_of(fetch_request{.session_id = 1, .forgotten_topics_data = {{.topic = "t"}}}, 6),
        (encode_error{encode_errc::not_in_version, "forgotten_topics_data"}));
}

TEST(encode, leaves_out_an_ignorable_value_that_the_version_has_no_field_for) {
    encoded out;
    EXPECT_TRUE(encode(fetch_request{.rack_id = "here"}, 10, out).has_value());
    EXPECT_EQ(decode<fetch_request>(out.bytes, 10, trailing_bytes::refused)->rack_id, "");
}

TEST(encode, refuses_null_that_the_version_cannot_say) {
    EXPECT_EQ(error_of(metadata_request{.topics = std::nullopt}, 0),
              (encode_error{encode_errc::null_not_allowed, "topics"}));
    EXPECT_EQ(error_of(join_group_response{.protocol_name = std::nullopt}, 6),
              (encode_error{encode_errc::null_not_allowed, "protocol_name"}));
}

TEST(encode, refuses_a_string_that_is_longer_than_kafka_allows) {
    const find_coordinator_request request{.key = std::string(0x8000, 'k')};
    EXPECT_EQ(error_of(request, 0), (encode_error{encode_errc::too_long, "key"}));
    EXPECT_EQ(error_of(request, 3), (encode_error{encode_errc::too_long, "key"}));
}

TEST(encode, refuses_a_version_that_the_message_never_had) {
    EXPECT_EQ(error_of(fetch_request{}, 18),
              (encode_error{encode_errc::unsupported_version, "FetchRequest"}));
}

TEST(encode, appends_and_leaves_what_was_there_when_it_fails) {
    encoded out{.bytes = {std::byte{1}}};
    EXPECT_FALSE(encode(list_groups_request{.states_filter = {"Stable"}}, 3, out).has_value());
    EXPECT_EQ(out.bytes.size(), 1U);
    EXPECT_TRUE(encode(list_groups_request{}, 0, out).has_value());
    EXPECT_EQ(out.bytes, (std::vector{std::byte{1}}));
}

TEST(encode, leaves_tagged_fields_at_their_defaults_out) {
    encoded plain;
    encoded tagged;
    ASSERT_TRUE(encode(fetch_request{}, 12, plain).has_value());
    ASSERT_TRUE(encode(fetch_request{.cluster_id = "c"}, 12, tagged).has_value());
    EXPECT_EQ(plain.bytes.back(), std::byte{0});
    // One tag: number 0, two bytes, a compact string.
    const std::vector<std::byte> tail(tagged.bytes.end() - 5, tagged.bytes.end());
    EXPECT_EQ(
        tail,
        (std::vector{std::byte{1}, std::byte{0}, std::byte{2}, std::byte{2}, std::byte{'c'}}));
}

TEST(encode, reports_where_spliced_records_belong) {
    const std::string text = "batches";
    const auto bytes = std::as_bytes(std::span(text));
    for (const std::int16_t version : {0, 11, 12, 17}) {
        encoded whole;
        encoded spliced;
        ASSERT_TRUE(encode(response_with(record_data(bytes)), version, whole).has_value());
        ASSERT_TRUE(encode(response_with(record_data::spliced(bytes.size(), 99)), version, spliced)
                        .has_value());
        ASSERT_EQ(spliced.splices.size(), 1U);
        EXPECT_EQ(spliced.splices[0].tag, 99U);
        EXPECT_EQ(spliced.size(), whole.bytes.size());
        auto joined = spliced.bytes;
        joined.insert(joined.begin() + static_cast<std::ptrdiff_t>(spliced.splices[0].position),
                      bytes.begin(),
                      bytes.end());
        EXPECT_EQ(joined, whole.bytes);
    }
}

TEST(encode, tells_null_records_from_none) {
    for (const std::int16_t version : {11, 12}) {
        encoded out;
        ASSERT_TRUE(encode(response_with(std::nullopt), version, out).has_value());
        EXPECT_EQ(decode<fetch_response>(out.bytes, version)->responses[0].partitions[0].records,
                  std::nullopt);
        out.clear();
        ASSERT_TRUE(encode(response_with(record_data()), version, out).has_value());
        EXPECT_EQ(decode<fetch_response>(out.bytes, version)->responses[0].partitions[0].records,
                  record_data());
    }
}

}  // namespace
}  // namespace verdikt::kafka::messages
