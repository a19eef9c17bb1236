#include "broker/raft/wire/batches.h"

#include "kafka/records/batch_builder.h"
#include "kafka/records/control.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace verdikt::broker::raft::wire {
namespace {

using kafka::records::errc;

voter_set two_voters() {
    voter with_disk{.endpoints = {{"CONTROLLER", "host", 9093}, {"SECURE", "host", 9094}}};
    with_disk.directory.bytes[0] = std::byte{5};
    return voter_set({{node_id(1), with_disk}, {node_id(2), {}}});
}

payload plain_batch(int records) {
    const std::array<std::byte, 3> value{};
    const std::vector<kafka::records::new_record> all(static_cast<std::size_t>(records),
                                                      {.value = value});
    const auto made = kafka::records::make_batch(all);
    return std::make_shared<std::vector<std::byte>>(made.data(), made.data() + made.size());
}

TEST(a_batch_of_voters, is_a_control_batch_and_reads_back) {
    const batch written{.base = offset(12), .epoch = leader_epoch(3), .content = two_voters()};
    const payload bytes = encode_batch(written, kafka::timestamp(1000));
    EXPECT_TRUE(kafka::records::batch_view::parse(*bytes)->attributes().is_control());
    const auto read = decode_batches(*bytes);
    ASSERT_TRUE(read.has_value());
    ASSERT_EQ(read->size(), 1U);
    EXPECT_EQ((*read)[0].base, offset(12));
    EXPECT_EQ((*read)[0].epoch, leader_epoch(3));
    EXPECT_EQ(std::get<voter_set>((*read)[0].content), two_voters());
}

TEST(a_leader_change, is_a_control_record_of_its_type_and_needs_no_understanding) {
    const batch written{.base = offset(0),
                        .epoch = leader_epoch(1),
                        .content = leader_change{node_id(1), two_voters(), {node_id(1)}}};
    const payload bytes = encode_batch(written, kafka::timestamp(1000));
    const auto view = *kafka::records::batch_view::parse(*bytes);
    const auto record = kafka::records::record_reader(view.payload(), 1).next();
    ASSERT_TRUE(record.has_value());
    EXPECT_EQ(kafka::records::control_type_of(*record),
              kafka::records::control_type::leader_change);
    EXPECT_TRUE(std::holds_alternative<plain_records>((*decode_batches(*bytes))[0].content));
}

TEST(plain_records, get_their_offset_and_epoch_and_keep_the_rest) {
    const batch written{
        .base = offset(40), .epoch = leader_epoch(6), .record_count = 3, .bytes = plain_batch(3)};
    const payload bytes = encode_batch(written, kafka::timestamp(1000));
    const auto read = decode_batches(*bytes);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ((*read)[0].base, offset(40));
    EXPECT_EQ((*read)[0].end(), offset(43));
    EXPECT_EQ((*read)[0].epoch, leader_epoch(6));
    EXPECT_EQ(*(*read)[0].bytes, *bytes);
}

TEST(several_batches, are_read_in_order_and_a_partial_one_is_left_out) {
    std::vector<std::byte> log;
    for (const int base : {0, 2, 4}) {
        const batch written{.base = offset(base),
                            .epoch = leader_epoch(1),
                            .record_count = 2,
                            .bytes = plain_batch(2)};
        const payload bytes = encode_batch(written, kafka::timestamp(1));
        log.insert(log.end(), bytes->begin(), bytes->end());
    }
    EXPECT_EQ(decode_batches(log)->size(), 3U);
    log.pop_back();
    EXPECT_EQ(decode_batches(log)->size(), 2U);
}

TEST(damaged_bytes, are_an_error) {
    const batch written{
        .base = offset(0), .epoch = leader_epoch(1), .record_count = 1, .bytes = plain_batch(1)};
    std::vector<std::byte> bytes = *encode_batch(written, kafka::timestamp(1));
    bytes.back() ^= std::byte{1};
    EXPECT_EQ(decode_batches(bytes).error(), errc::bad_checksum);
}

TEST(voters, that_cannot_be_read_are_an_error_and_not_passed_over) {
    std::array<std::byte, 4> key{};
    key[3] = static_cast<std::byte>(kafka::records::control_type::kraft_voters);
    const std::array<std::byte, 2> half{};
    const std::array records{kafka::records::new_record{.key = key, .value = half}};
    const auto made = kafka::records::make_batch(records, {.control = true});
    const std::vector<std::byte> bytes(made.data(), made.data() + made.size());
    EXPECT_EQ(decode_batches(bytes).error(), errc::bad_record);
}

}  // namespace
}  // namespace verdikt::broker::raft::wire
