#include "broker/coordinator/stored_records.h"

#include "kafka/messages/group_records.h"
#include "kafka/messages/offset_records.h"
#include "kafka/messages/versioned.h"

#include <gtest/gtest.h>

#include <string>

namespace verdikt::broker::coordinator {
namespace {

namespace messages = kafka::messages;

const kafka::topic_partition stored_partition{"t", kafka::partition_index(7)};

std::string hex(std::span<const std::byte> bytes) {
    std::string text;
    for (const std::byte byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned>(byte));
    return text;
}

std::variant<read_offset, read_group, unreadable> read_back(const log_record& record) {
    if (!record.value) return read_record(record.key, std::nullopt);
    return read_record(record.key, std::span<const std::byte>(*record.value));
}

stored_group two_members() {
    return {.protocol_type = "consumer",
            .in = generation(5),
            .protocol = "range",
            .leader = "m1",
            .members = {{.member_id = "m1",
                         .instance_id = "i1",
                         .client_id = "client",
                         .client_host = "/127.0.0.1",
                         .rebalance_timeout = milliseconds(60'000),
                         .session_timeout = milliseconds(10'000),
                         .subscription = {std::byte{1}},
                         .assignment = {std::byte{2}, std::byte{3}}},
                        {.member_id = "m2"}}};
}

TEST(stored_records, an_offset_is_written_as_kafka_writes_it) {
    const committed_offset value{.at = kafka::offset(300),
                                 .epoch = kafka::leader_epoch(2),
                                 .metadata = "note",
                                 .committed = kafka::timestamp(4'096)};
    const auto record = offset_record("g", stored_partition, value);
    EXPECT_EQ(hex(record.key),
              "0001"
              "000167"
              "000174"
              "00000007");
    EXPECT_EQ(hex(*record.value),
              "0003"
              "000000000000012c"
              "00000002"
              "00046e6f7465"
              "0000000000001000");
    const auto back = std::get<read_offset>(read_back(record));
    EXPECT_EQ(back.group, "g");
    EXPECT_EQ(back.where, stored_partition);
    EXPECT_EQ(back.value, value);
}

TEST(stored_records, an_offset_with_an_expiry_is_written_in_the_version_that_has_one) {
    const committed_offset value{
        .at = kafka::offset(1), .committed = kafka::timestamp(10), .expires = kafka::timestamp(20)};
    const auto record = offset_record("g", stored_partition, value);
    EXPECT_EQ(hex(*record.value).substr(0, 4), "0001");
    EXPECT_EQ(std::get<read_offset>(read_back(record)).value, value);
}

TEST(stored_records, a_group_is_read_back_as_it_was) {
    const auto record = group_record("g", two_members(), kafka::timestamp(77));
    EXPECT_EQ(hex(record.key),
              "0002"
              "000167");
    EXPECT_EQ(hex(*record.value).substr(0, 4), "0003");
    const auto back = std::get<read_group>(read_back(record));
    EXPECT_EQ(back.group, "g");
    EXPECT_EQ(back.state, two_members());
    EXPECT_EQ(back.since, kafka::timestamp(77));
}

TEST(stored_records, an_empty_group_has_neither_protocol_nor_leader) {
    const stored_group empty{.protocol_type = "consumer", .in = generation(9)};
    const auto back =
        std::get<read_group>(read_back(group_record("g", empty, kafka::timestamp(1))));
    EXPECT_EQ(back.state, empty);
}

TEST(stored_records, a_tombstone_is_a_key_without_a_value) {
    EXPECT_EQ(std::get<read_offset>(read_back(offset_tombstone("g", stored_partition))).value,
              std::nullopt);
    EXPECT_EQ(std::get<read_group>(read_back(group_tombstone("g"))).state, std::nullopt);
}

TEST(stored_records, every_version_that_kafka_ever_wrote_is_read) {
    const auto key = offset_tombstone("g", stored_partition).key;
    for (std::int16_t version = 0; version <= 4; ++version) {
        const auto offset = messages::encode_versioned(
            messages::offset_commit_value{.offset = 42, .metadata = "m"}, version);
        ASSERT_TRUE(offset.has_value());
        const auto read = std::get<read_offset>(read_record(key, *offset));
        EXPECT_EQ(read.value->at, kafka::offset(42)) << "offset version " << version;
    }
    for (std::int16_t version = 0; version <= 4; ++version) {
        messages::group_metadata_value value{.generation = 3};
        value.members.push_back({.member_id = "m", .session_timeout = 500});
        const auto group = messages::encode_versioned(value, version);
        ASSERT_TRUE(group.has_value());
        const auto read = std::get<read_group>(read_record(group_tombstone("g").key, *group));
        EXPECT_EQ(read.state->in, generation(3)) << "group version " << version;
        EXPECT_EQ(read.state->members[0].rebalance_timeout, milliseconds(500));
    }
}

TEST(stored_records, what_cannot_be_read_is_said_to_be_so) {
    const auto unread = [](std::vector<std::byte> key, std::vector<std::byte> value) {
        return std::holds_alternative<unreadable>(read_record(key, value));
    };
    const auto byte = [](int number) { return static_cast<std::byte>(number); };
    EXPECT_TRUE(unread({}, {}));
    EXPECT_TRUE(unread({byte(0), byte(3), byte(0)}, {})) << "a KIP-848 key";
    EXPECT_TRUE(unread({byte(0xff), byte(0xff)}, {}));
    EXPECT_TRUE(unread({byte(0), byte(1), byte(0), byte(9)}, {})) << "a key cut short";
    EXPECT_TRUE(unread(offset_tombstone("g", stored_partition).key, {byte(0), byte(3)}))
        << "a value cut short";
    EXPECT_TRUE(unread(offset_tombstone("g", stored_partition).key, {byte(0), byte(99)}))
        << "a newer version";
}

TEST(stored_records, a_group_in_which_two_members_are_one_instance_is_not_believed) {
    stored_group state = two_members();
    state.members[0].instance_id = state.members[1].instance_id = "instance";
    EXPECT_TRUE(std::holds_alternative<unreadable>(
        read_back(group_record("g", state, kafka::timestamp(1)))));
    state = two_members();
    state.members[1].member_id = state.members[0].member_id;
    EXPECT_TRUE(std::holds_alternative<unreadable>(
        read_back(group_record("g", state, kafka::timestamp(1)))));
}

}  // namespace
}  // namespace verdikt::broker::coordinator
