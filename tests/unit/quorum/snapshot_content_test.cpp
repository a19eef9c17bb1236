#include "broker/quorum/snapshot_content.h"
#include "kafka/records/batch.h"

#include <gtest/gtest.h>

namespace verdikt::broker::quorum {
namespace {

frame frame_of(std::size_t size, int content) {
    return frame(size, static_cast<std::byte>(content));
}

snapshot_content sample() {
    const raft::voter_set voters(
        {{raft::node_id(1), {.directory = {}, .endpoints = {{"CONTROLLER", "one", 9093}}}},
         {raft::node_id(2), {.directory = {}, .endpoints = {}}}});
    return {.time = kafka::timestamp(1234),
            .voters = voters,
            .frames = {frame_of(10, 1), frame_of(1, 2), frame_of(300, 3)}};
}

TEST(frames, of_a_batch_are_read_in_order) {
    const std::vector<frame> frames{frame_of(3, 1), frame_of(200, 2)};
    const std::vector<std::byte> batch = batch_of(frames, kafka::timestamp(7));
    const auto read = frames_in(batch);
    ASSERT_TRUE(read.has_value());
    ASSERT_EQ(read->size(), 2U);
    EXPECT_EQ(frame((*read)[0].begin(), (*read)[0].end()), frames[0]);
    EXPECT_EQ(frame((*read)[1].begin(), (*read)[1].end()), frames[1]);
    EXPECT_EQ(kafka::records::parse_batch_header(batch)->record_count, 2);
    EXPECT_FALSE(frames_in(std::span(batch).first(batch.size() - 1)).has_value());
}

TEST(a_snapshot, is_read_as_it_was_written) {
    const snapshot_content written = sample();
    const auto read = decode_snapshot(encode_snapshot(written, raft::leader_epoch(3)));
    ASSERT_TRUE(read.has_value()) << read.error();
    EXPECT_EQ(read->time, written.time);
    EXPECT_EQ(read->voters, written.voters);
    EXPECT_EQ(read->frames, written.frames);
}

TEST(a_snapshot, of_much_is_several_batches) {
    snapshot_content large = sample();
    for (int each = 0; each < 40; ++each) large.frames.push_back(frame_of(50'000, each));
    const auto bytes = encode_snapshot(large, raft::leader_epoch(3));
    std::size_t batches = 0;
    raft::offset next{0};
    for (kafka::records::batch_reader reader(bytes); !reader.done(); ++batches) {
        const auto batch = reader.next();
        EXPECT_EQ(batch->base_offset(), next);
        next = batch->next_offset();
    }
    EXPECT_GT(batches, 6U);
    EXPECT_EQ(decode_snapshot(bytes)->frames, large.frames);
}

TEST(a_snapshot, without_records_or_voters_is_one_all_the_same) {
    const auto read = decode_snapshot(encode_snapshot({}, raft::leader_epoch(1)));
    ASSERT_TRUE(read.has_value());
    EXPECT_FALSE(read->voters.has_value());
    EXPECT_TRUE(read->frames.empty());
}

TEST(a_snapshot, that_was_cut_short_anywhere_is_refused) {
    const auto bytes = encode_snapshot(sample(), raft::leader_epoch(3));
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(decode_snapshot(std::span(bytes).first(size)).has_value()) << size;
}

TEST(a_snapshot, with_a_flipped_bit_is_refused_or_says_the_same) {
    const auto bytes = encode_snapshot(sample(), raft::leader_epoch(3));
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        auto damaged = bytes;
        damaged[at] ^= std::byte{0x10};
        // Offsets and epochs are under no checksum, and mean nothing here.
        if (const auto read = decode_snapshot(damaged)) EXPECT_EQ(read->frames, sample().frames);
    }
}

}  // namespace
}  // namespace verdikt::broker::quorum
