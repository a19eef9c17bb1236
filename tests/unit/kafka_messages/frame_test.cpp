/// Headers, frames, and messages that carry their own version.
#include "kafka/messages/frame.h"

#include "kafka/api_keys.h"
#include "kafka/messages/api_versions.h"
#include "kafka/messages/consumer_protocol.h"
#include "kafka/messages/decode.h"
#include "kafka/messages/fetch.h"
#include "kafka/messages/heartbeat.h"
#include "kafka/messages/offset_records.h"
#include "kafka/messages/versioned.h"

#include <gtest/gtest.h>

#include <vector>

namespace verdikt::kafka::messages {
namespace {

std::span<const std::byte> without_size(const encoded& frame) {
    return std::span(frame.bytes).subspan(frame_prefix_size);
}

TEST(frame, has_its_size_in_front_and_a_header_that_tells_what_follows) {
    for (const std::int16_t version : {3, 4}) {
        encoded out;
        const heartbeat_request request{.group_id = "g", .member_id = "m"};
        ASSERT_TRUE(
            encode_request_frame({.correlation_id = 7, .client_id = "c"}, request, version, out));
        EXPECT_EQ(load_big_endian<std::int32_t>(out.bytes.data()) + 4, std::ssize(out.bytes));
        buffer_reader reader(without_size(out));
        const auto header = decode_request_header(reader);
        EXPECT_EQ(header->request_api_key, 12);
        EXPECT_EQ(header->request_api_version, version);
        EXPECT_EQ(header->correlation_id, 7);
        EXPECT_EQ(header->client_id, "c");
        EXPECT_EQ(decode<heartbeat_request>(reader, version), request);
        EXPECT_EQ(reader.remaining(), 0U);
    }
}

TEST(frame, counts_spliced_bytes_in_its_size) {
    encoded out;
    fetch_response response;
    response.responses.push_back({.partitions = {{.records = record_data::spliced(1000, 1)}}});
    ASSERT_TRUE(encode_response_frame(7, response, 12, out));
    EXPECT_EQ(load_big_endian<std::int32_t>(out.bytes.data()) + 4, std::ssize(out.bytes) + 1000);
}

TEST(frame, starts_where_the_one_before_ends) {
    encoded out;
    ASSERT_TRUE(encode_response_frame(1, heartbeat_response{}, 4, out));
    const std::size_t first = out.bytes.size();
    ASSERT_TRUE(encode_response_frame(2, heartbeat_response{.error_code = 27}, 4, out));
    EXPECT_EQ(out.bytes.size(), 2 * first);
    EXPECT_EQ(load_big_endian<std::int32_t>(out.bytes.data() + first),
              std::ssize(out.bytes) / 2 - 4);
}

TEST(frame, is_not_left_half_written_when_its_message_has_no_such_version) {
    encoded out;
    EXPECT_FALSE(encode_response_frame(1, heartbeat_response{}, 5, out));
    EXPECT_TRUE(out.bytes.empty());
}

TEST(response_header, is_version_0_for_api_versions_whatever_its_version) {
    EXPECT_EQ(response_header_version(api_versions_response::schema, 3), 0);
    EXPECT_EQ(response_header_version(heartbeat_response::schema, 3), 0);
    EXPECT_EQ(response_header_version(heartbeat_response::schema, 4), 1);
    EXPECT_EQ(request_header_version(api_versions_request::schema, 2), 1);
    EXPECT_EQ(request_header_version(api_versions_request::schema, 99), 2);
}

TEST(request_header, of_an_unknown_request_still_tells_whom_to_answer) {
    const std::vector<std::byte> input{std::byte{1},
                                       std::byte{44},
                                       std::byte{0},
                                       std::byte{1},  //
                                       std::byte{0},
                                       std::byte{0},
                                       std::byte{0},
                                       std::byte{9},  //
                                       std::byte{0},
                                       std::byte{1},
                                       std::byte{'c'}};
    buffer_reader reader(input);
    const auto header = decode_request_header(reader);
    ASSERT_TRUE(header.has_value());
    EXPECT_EQ(header->request_api_key, 300);
    EXPECT_EQ(header->correlation_id, 9);
    EXPECT_EQ(header->client_id, "c");
}

TEST(versioned, carries_its_version_in_front) {
    const offset_commit_key key{.group = "g", .topic = "t", .partition = 3};
    const auto bytes = encode_versioned(key, 1);
    ASSERT_TRUE(bytes.has_value());
    EXPECT_EQ(load_big_endian<std::int16_t>(bytes->data()), 1);
    EXPECT_EQ(decode_versioned<offset_commit_key>(*bytes), key);
}

TEST(versioned, of_the_future_is_refused_unless_its_format_only_grows) {
    const consumer_protocol_subscription subscription{.topics = {"t"}, .rack_id = "r"};
    auto bytes = encode_versioned(subscription, 3);
    ASSERT_TRUE(bytes.has_value());
    store_big_endian<std::int16_t>(bytes->data(), 4);
    bytes->push_back(std::byte{1});
    EXPECT_EQ(decode_versioned<consumer_protocol_subscription>(*bytes).error().what,
              decode_errc::unsupported_version);
    EXPECT_EQ(
        decode_versioned<consumer_protocol_subscription>(*bytes, newer_version::read_as_newest),
        subscription);
}

}  // namespace
}  // namespace verdikt::kafka::messages
