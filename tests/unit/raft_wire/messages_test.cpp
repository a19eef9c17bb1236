/// Each message goes to the wire's form, through the bytes of the version that it is written for,
/// and back.
#include "broker/raft/wire/administration.h"
#include "broker/raft/wire/batches.h"
#include "broker/raft/wire/election_messages.h"
#include "broker/raft/wire/fetch_messages.h"
#include "kafka/buffer_reader.h"
#include "kafka/messages/decode.h"
#include "kafka/messages/encode.h"

#include <gtest/gtest.h>

#include <chrono>

namespace verdikt::broker::raft::wire {
namespace {

using namespace std::chrono_literals;
using kafka::error_code;

constexpr auto vote_version = 2;
constexpr auto epoch_version = 1;
constexpr auto fetch_version = 17;
constexpr auto snapshot_version = 1;

replica_key key(int node, int disk) {
    replica_key made{node_id(node), {}};
    made.directory.bytes[3] = static_cast<std::byte>(disk);
    return made;
}

/// What a reader makes of the bytes; they must outlive it.
template <typename Message>
Message through_bytes(const Message& message, int version, kafka::messages::encoded& bytes) {
    const auto written = encode(message, static_cast<std::int16_t>(version), bytes);
    EXPECT_TRUE(written.has_value()) << (written ? "" : written.error().where);
    kafka::buffer_reader reader(bytes.bytes);
    auto read = kafka::messages::decode<Message>(reader, static_cast<std::int16_t>(version));
    EXPECT_TRUE(read.has_value());
    return read.value_or(Message{});
}

TEST(a_vote_request, comes_through_whole) {
    kafka::messages::encoded bytes;
    const vote_request sent{.epoch = leader_epoch(4),
                            .candidate = key(1, 7),
                            .voter = key(2, 8),
                            .log = {leader_epoch(3), offset(99)},
                            .pre_vote = true};
    const auto read = from_wire(through_bytes(to_wire(sent, "cluster"), vote_version, bytes));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->epoch, sent.epoch);
    EXPECT_EQ(read->candidate, sent.candidate);
    EXPECT_EQ(read->voter, sent.voter);
    EXPECT_EQ(read->log, sent.log);
    EXPECT_TRUE(read->pre_vote);
}

TEST(the_begin_and_the_end_of_an_epoch, come_through_whole) {
    kafka::messages::encoded first;
    const begin_epoch_request begun{leader_epoch(4), node_id(1), key(2, 8)};
    const auto begin = from_wire(through_bytes(to_wire(begun, {}), epoch_version, first));
    ASSERT_TRUE(begin.has_value());
    EXPECT_EQ(begin->epoch, begun.epoch);
    EXPECT_EQ(begin->leader, begun.leader);
    EXPECT_EQ(begin->voter, begun.voter);
    kafka::messages::encoded second;
    const end_epoch_request ended{leader_epoch(4), node_id(1), {key(3, 1), key(2, 8)}};
    const auto end = from_wire(through_bytes(to_wire(ended, {}), epoch_version, second));
    ASSERT_TRUE(end.has_value());
    EXPECT_EQ(end->successors, ended.successors);
}

TEST(an_answer, tells_how_things_stand_whether_or_not_a_leader_is_known) {
    for (const standing& at : {standing{error_code::none, leader_epoch(4), node_id(0)},
                               standing{error_code::fenced_leader_epoch, leader_epoch(9), {}}}) {
        kafka::messages::encoded one;
        kafka::messages::encoded two;
        kafka::messages::encoded three;
        EXPECT_EQ(from_wire(through_bytes(to_wire(vote_answer{at, true}), vote_version, one))->at,
                  at);
        EXPECT_EQ(from_wire(through_bytes(to_wire(begin_epoch_answer{at}), epoch_version, two))->at,
                  at);
        EXPECT_EQ(from_wire(through_bytes(to_wire(end_epoch_answer{at}), epoch_version, three))->at,
                  at);
    }
    EXPECT_TRUE(from_wire(to_wire(vote_answer{{}, true}))->granted);
    EXPECT_FALSE(from_wire(to_wire(vote_answer{{}, false}))->granted);
}

TEST(a_message, about_anything_but_the_metadata_log_is_not_read) {
    auto other_topic = to_wire(vote_request{}, {});
    other_topic.topics[0].topic_name = "orders";
    EXPECT_FALSE(from_wire(other_topic).has_value());
    auto other_partition = to_wire(vote_request{}, {});
    other_partition.topics[0].partitions[0].partition_index = 1;
    EXPECT_FALSE(from_wire(other_partition).has_value());
    auto nothing = to_wire(vote_answer{});
    nothing.topics.clear();
    EXPECT_FALSE(from_wire(nothing).has_value());
    nothing.error_code = static_cast<std::int16_t>(error_code::inconsistent_cluster_id);
    EXPECT_EQ(from_wire(nothing)->at.error, error_code::inconsistent_cluster_id);
    auto other_fetch = to_wire(fetch_request{}, {}, 1);
    other_fetch.topics[0].topic = "orders";
    other_fetch.topics[0].topic_id.bytes[0] = std::byte{1};
    EXPECT_FALSE(from_wire(other_fetch).has_value());
}

TEST(a_fetch_request, comes_through_whole) {
    kafka::messages::encoded bytes;
    const fetch_request sent{.replica = key(5, 6),
                             .epoch = leader_epoch(4),
                             .from = offset(77),
                             .last_fetched_epoch = leader_epoch(3),
                             .wait_max = 500ms};
    const auto read = from_wire(through_bytes(to_wire(sent, "c", 1 << 20), fetch_version, bytes));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->replica, sent.replica);
    EXPECT_EQ(read->epoch, sent.epoch);
    EXPECT_EQ(read->from, sent.from);
    EXPECT_EQ(read->last_fetched_epoch, sent.last_fetched_epoch);
    EXPECT_EQ(read->wait_max, sent.wait_max);
}

TEST(a_fetch_answer, says_of_three_things_the_one_that_it_says) {
    kafka::messages::encoded one;
    fetch_answer diverging{.at = {.epoch = leader_epoch(4), .leader = node_id(1)},
                           .diverging = log_position{leader_epoch(2), offset(30)}};
    const auto first = from_wire(through_bytes(to_wire(diverging, {}), fetch_version, one));
    EXPECT_EQ(first->diverging, diverging.diverging);
    EXPECT_FALSE(first->snapshot.has_value());
    EXPECT_TRUE(first->batches.empty());

    kafka::messages::encoded two;
    fetch_answer snapshot{.at = diverging.at,
                          .snapshot = log_position{leader_epoch(2), offset(40)}};
    const auto second = from_wire(through_bytes(to_wire(snapshot, {}), fetch_version, two));
    EXPECT_EQ(second->snapshot, snapshot.snapshot);
    EXPECT_FALSE(second->diverging.has_value());

    kafka::messages::encoded three;
    const batch change{.base = offset(7),
                       .epoch = leader_epoch(4),
                       .content = leader_change{node_id(1), voter_set({{node_id(1), {}}}), {}}};
    const payload records = encode_batch(change, kafka::timestamp(1));
    fetch_answer plain{.at = diverging.at, .high_watermark = offset(6), .log_start = offset(2)};
    const auto third = from_wire(through_bytes(to_wire(plain, *records), fetch_version, three));
    EXPECT_EQ(third->at, plain.at);
    EXPECT_EQ(third->high_watermark, offset(6));
    EXPECT_EQ(third->log_start, offset(2));
    ASSERT_EQ(third->batches.size(), 1U);
    EXPECT_EQ(third->batches[0].base, offset(7));
}

TEST(a_piece_of_a_snapshot, is_asked_for_and_comes_through_whole) {
    kafka::messages::encoded first;
    const fetch_snapshot_request asked{.replica = key(5, 6),
                                       .epoch = leader_epoch(4),
                                       .snapshot = {leader_epoch(3), offset(50)},
                                       .position = 1000};
    const auto request =
        from_wire(through_bytes(to_wire(asked, {}, 1 << 20), snapshot_version, first));
    ASSERT_TRUE(request.has_value());
    EXPECT_EQ(request->replica, asked.replica);
    EXPECT_EQ(request->snapshot, asked.snapshot);
    EXPECT_EQ(request->position, 1000);
    kafka::messages::encoded second;
    const std::vector<std::byte> piece(10, std::byte{3});
    const fetch_snapshot_answer told{.at = {error_code::none, leader_epoch(4), node_id(1)},
                                     .snapshot = asked.snapshot,
                                     .size = 1010,
                                     .position = 1000};
    const auto answer = from_wire(through_bytes(to_wire(told, piece), snapshot_version, second));
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->at, told.at);
    EXPECT_EQ(answer->snapshot, told.snapshot);
    EXPECT_EQ(answer->size, 1010);
    EXPECT_EQ(*answer->bytes, piece);
}

TEST(a_description, shows_times_of_the_monotonic_clock_as_wall_time) {
    const instant now{10s};
    const quorum_description told{
        .leader = node_id(0),
        .epoch = leader_epoch(3),
        .high_watermark = offset(8),
        .voters = {{.replica = key(1, 2), .end = offset(7), .last_fetch = now - 2s}},
        .observers = {{.replica = key(4, 0)}}};
    const voter_set voters({{node_id(1), {.endpoints = {{"CONTROLLER", "host", 9093}}}}});
    const auto shown = to_wire(told, voters, {now, runtime::wall_instant(50'000ms)});
    const auto& partition = shown.topics[0].partitions[0];
    EXPECT_EQ(partition.current_voters[0].last_fetch_timestamp, 48'000);
    EXPECT_EQ(partition.current_voters[0].last_caught_up_timestamp, -1);
    EXPECT_EQ(partition.observers[0].log_end_offset, -1);
    EXPECT_EQ(shown.nodes[0].listeners[0].port, 9093);
    const auto elsewhere = to_wire(std::nullopt, voters, {now, runtime::wall_instant(1ms)});
    EXPECT_EQ(elsewhere.topics[0].partitions[0].error_code,
              static_cast<std::int16_t>(error_code::not_leader_or_follower));
}

}  // namespace
}  // namespace verdikt::broker::raft::wire
