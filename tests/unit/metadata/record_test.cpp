#include "broker/metadata/record.h"
#include "runtime/random.h"

#include <gtest/gtest.h>

#include <vector>

namespace verdikt::broker::metadata {
namespace {

namespace messages = kafka::messages;

std::vector<std::byte> bytes(std::initializer_list<int> values) {
    std::vector<std::byte> result;
    for (const int value : values) result.push_back(static_cast<std::byte>(value));
    return result;
}

std::vector<record> one_of_each() {
    return {messages::register_broker_record{.broker_id = 1, .broker_epoch = 7, .rack = "a"},
            messages::unregister_broker_record{.broker_id = 1, .broker_epoch = 7},
            messages::topic_record{.name = "orders"},
            messages::partition_record{.partition_id = 0, .replicas = {1, 2}, .isr = {1}},
            messages::config_record{.resource_type = 2, .resource_name = "orders", .name = "a"},
            messages::partition_change_record{.partition_id = 3, .isr = std::vector{1}},
            messages::remove_topic_record{},
            messages::feature_level_record{.name = "f", .feature_level = 2},
            messages::producer_ids_record{.broker_id = 1, .next_producer_id = 1'000},
            messages::broker_registration_change_record{.broker_id = 1, .fenced = -1},
            messages::no_op_record{}};
}

TEST(metadata_record, of_every_kind_reads_back_what_was_written) {
    const auto records = one_of_each();
    ASSERT_EQ(records.size(), std::variant_size_v<record>);
    for (const record& each : records) {
        const auto copy = decode_record(encode_record(each));
        ASSERT_TRUE(copy.has_value()) << name(each);
        EXPECT_EQ(*copy, each) << name(each);
    }
}

TEST(metadata_record, starts_with_frame_version_key_and_version) {
    const auto frame =
        encode_record(messages::feature_level_record{.name = "f", .feature_level = 2});
    EXPECT_EQ(frame, bytes({1, 12, 0, 2, 'f', 0, 2, 0}));
}

TEST(metadata_record, of_an_unknown_frame_key_or_version_is_refused) {
    EXPECT_EQ(decode_record(bytes({2, 20, 0, 0})).error().what, record_errc::unknown_frame);
    EXPECT_EQ(decode_record(bytes({1, 99, 0, 0})).error().what, record_errc::unknown_record);
    EXPECT_EQ(decode_record(bytes({1, 20, 1, 0})).error().what, record_errc::unknown_version);
}

TEST(metadata_record, with_bytes_after_it_is_refused) {
    EXPECT_EQ(decode_record(bytes({1, 20, 0, 0, 0})).error().what, record_errc::malformed);
}

TEST(metadata_record, cut_off_anywhere_is_refused) {
    for (const record& each : one_of_each()) {
        const auto frame = encode_record(each);
        for (std::size_t size = 0; size < frame.size(); ++size) {
            const auto read = decode_record(std::span(frame).first(size));
            ASSERT_FALSE(read.has_value()) << name(each) << ", " << size << " bytes";
            EXPECT_EQ(read.error().what, record_errc::malformed);
        }
    }
}

TEST(metadata_record, of_any_bytes_is_read_or_refused_but_never_crashes) {
    runtime::random_source chance(7);
    for (int round = 0; round < 20'000; ++round) {
        std::vector<std::byte> noise(chance.below(40));
        chance.fill(noise);
        if (!noise.empty()) noise[0] = std::byte{1};
        if (noise.size() > 1) noise[1] = static_cast<std::byte>(chance.below(21));
        if (const auto read = decode_record(noise)) EXPECT_FALSE(encode_record(*read).empty());
    }
}

}  // namespace
}  // namespace verdikt::broker::metadata
