/// What decoding accepts, what it refuses, and what it says then.
#include "kafka/messages/decode.h"

#include "kafka/messages/delete_groups.h"
#include "kafka/messages/fetch.h"
#include "kafka/messages/find_coordinator.h"
#include "kafka/messages/heartbeat.h"
#include "kafka/messages/list_groups.h"
#include "kafka/messages/metadata.h"
#include "kafka/messages/offset_fetch.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

namespace verdikt::kafka::messages {
namespace {

std::vector<std::byte> bytes_of(std::initializer_list<int> values) {
    std::vector<std::byte> bytes;
    for (const int value : values) bytes.push_back(static_cast<std::byte>(value));
    return bytes;
}

template <typename Message>
decode_error error_of(const std::vector<std::byte>& input, std::int16_t version) {
    const auto message = decode<Message>(input, version);
    if (message) return {};
    return message.error();
}

TEST(decode, tells_null_from_empty) {
    EXPECT_EQ(decode<metadata_request>(bytes_of({255, 255, 255, 255}), 1).value().topics,
              std::nullopt);
    const auto none = decode<metadata_request>(bytes_of({0, 0, 0, 0}), 1);
    ASSERT_TRUE(none->topics.has_value());
    EXPECT_TRUE(none->topics->empty());
    EXPECT_EQ(decode<metadata_request>(bytes_of({0, 0, 0, 0, 0}), 9).value().topics, std::nullopt);
}

TEST(decode, refuses_null_where_the_version_has_none) {
    const auto input = bytes_of({255, 255, 255, 255});
    EXPECT_EQ(error_of<metadata_request>(input, 0),
              (decode_error{decode_errc::null_not_allowed, 0, "topics"}));
    const auto null_in_array = bytes_of({0, 0, 0, 1, 255, 255});
    EXPECT_EQ(error_of<delete_groups_request>(null_in_array, 0),
              (decode_error{decode_errc::null_not_allowed, 4, "groups_names"}));
}

TEST(decode, gives_fields_that_the_version_lacks_their_defaults) {
    const auto request = decode<metadata_request>(bytes_of({0, 0, 0, 0}), 3);
    EXPECT_TRUE(request->allow_auto_topic_creation);
    const auto fetch = decode<fetch_request>(std::vector<std::byte>(16), 0);
    ASSERT_TRUE(fetch.has_value());
    EXPECT_EQ(fetch->max_bytes, 0x7fffffff);
    EXPECT_EQ(fetch->session_epoch, -1);
}

TEST(decode, skips_tags_that_it_does_not_know) {
    // Group "g", generation 1, member "m", no instance, then tags 3 (two bytes) and 200 (none).
    const auto input = bytes_of({2, 'g', 0, 0, 0, 1, 2, 'm', 0, 2, 3, 2, 9, 9, 200, 1, 0});
    const auto heartbeat = decode<heartbeat_request>(input, 4, trailing_bytes::refused);
    ASSERT_TRUE(heartbeat.has_value());
    EXPECT_EQ(heartbeat->group_id, "g");
    EXPECT_EQ(heartbeat->member_id, "m");
}

TEST(decode, refuses_tags_that_repeat_or_fall) {
    for (const int second : {3, 2}) {
        const auto input = bytes_of({2, 'g', 0, 0, 0, 1, 2, 'm', 0, 2, 3, 0, second, 0});
        EXPECT_EQ(error_of<heartbeat_request>(input, 4).what, decode_errc::tags_out_of_order);
        EXPECT_EQ(error_of<heartbeat_request>(input, 4).position, 12U);
    }
}

TEST(decode, refuses_a_known_tag_of_another_size_than_it_claims) {
    std::vector<std::byte> input(4 + 4 + 4 + 4 + 1 + 4 + 4);    // replica id to session epoch
    for (const int value : {1, 1, 1, 1, 0, 3, 2, int{'c'}, 0})  // cluster id "c" in three bytes
        input.push_back(static_cast<std::byte>(value));
    const auto error = error_of<fetch_request>(input, 12);
    EXPECT_EQ(error.what, decode_errc::bad_tag_size);
    EXPECT_EQ(error.where, "cluster_id");
}

TEST(decode, refuses_an_array_that_the_bytes_left_cannot_hold_before_it_allocates) {
    EXPECT_EQ(error_of<delete_groups_request>(bytes_of({127, 255, 255, 255, 0, 0}), 0),
              (decode_error{decode_errc::too_many_elements, 0, "groups_names"}));
    EXPECT_EQ(error_of<delete_groups_request>(bytes_of({255, 255, 255, 254}), 0).what,
              decode_errc::bad_length);
}

TEST(decode, refuses_an_array_beyond_its_memory_budget) {
    // Empty names take a byte each on the wire and 32 in memory.
    constexpr std::size_t count = decoded_arrays_size_max / sizeof(std::string) + 1;
    std::vector<std::byte> input(count + 10, std::byte{1});
    input[0] = static_cast<std::byte>((count + 1) & 0x7f) | std::byte{0x80};
    input[1] = static_cast<std::byte>(((count + 1) >> 7) & 0x7f) | std::byte{0x80};
    input[2] = static_cast<std::byte>(((count + 1) >> 14) & 0x7f) | std::byte{0x80};
    input[3] = static_cast<std::byte>((count + 1) >> 21);
    EXPECT_EQ(error_of<delete_groups_request>(input, 2),
              (decode_error{decode_errc::too_many_elements, 0, "groups_names"}));
}

TEST(decode, leaves_bytes_after_a_message_to_the_caller_unless_told_to_refuse_them) {
    const auto input = bytes_of({0, 0, 0, 0, 7, 7, 7});
    buffer_reader reader(input);
    EXPECT_TRUE(decode<metadata_request>(reader, 1).has_value());
    EXPECT_EQ(reader.remaining(), 3U);
    EXPECT_TRUE(decode<metadata_request>(input, 1).has_value());
    EXPECT_EQ(decode<metadata_request>(input, 1, trailing_bytes::refused).error(),
              (decode_error{decode_errc::trailing_bytes, 4, "MetadataRequest"}));
}

TEST(decode, refuses_a_version_that_the_message_never_had) {
    for (const std::int16_t version : {-1, 18, 32767})
        EXPECT_EQ(error_of<fetch_request>({}, version),
                  (decode_error{decode_errc::unsupported_version, 0, "FetchRequest"}));
}

TEST(decode, borrows_records_from_its_input) {
    const auto input = bytes_of({0, 0, 0, 1, 0, 1, 't', 0, 0, 0, 1, 0, 0, 0, 0, 0, 0,  //
                                 0, 0, 0, 0, 0, 0, 0,   9, 0, 0, 0, 2, 5, 6});
    const auto response = decode<fetch_response>(input, 0, trailing_bytes::refused);
    ASSERT_TRUE(response.has_value());
    const auto& records = response->responses.at(0).partitions.at(0).records;
    ASSERT_TRUE(records.has_value());
    EXPECT_EQ(records->bytes().data(), input.data() + 29);
    EXPECT_EQ(records->size(), 2U);
}

}  // namespace
}  // namespace verdikt::kafka::messages
