#include "broker/raft/wire/stored_names.h"

#include <gtest/gtest.h>

namespace verdikt::broker::raft::wire {
namespace {

TEST(a_quorum_state, reads_back_with_and_without_leader_and_vote) {
    replica_key voted{node_id(2), {}};
    voted.directory.bytes[5] = std::byte{77};
    for (const quorum_state& state :
         {quorum_state{},
          quorum_state{.epoch = leader_epoch(4), .voted = voted},
          quorum_state{.epoch = leader_epoch(5), .leader = node_id(0)},
          quorum_state{.epoch = leader_epoch(6), .leader = node_id(2), .voted = voted}}) {
        EXPECT_EQ(decode_quorum_state(encode_quorum_state(state)), state);
    }
}

TEST(a_quorum_state, has_the_fields_of_kafkas_file) {
    EXPECT_EQ(encode_quorum_state({.epoch = leader_epoch(3), .leader = node_id(1)}),
              "{\"data_version\":1,\"leaderEpoch\":3,\"leaderId\":1,"
              "\"votedDirectoryId\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"votedId\":-1}\n");
}

TEST(a_quorum_state, that_cannot_be_read_is_an_error_and_not_a_fresh_start) {
    for (const char* text : {"",
                             "{}",
                             "{\"leaderId\":1}",
                             "{\"data_version\":9,\"leaderEpoch\":3,\"leaderId\":1,\"votedId\":-1}",
                             "{\"data_version\":1,\"leaderEpoch\":3,\"leaderId\":1,"
                             "\"votedDirectoryId\":\"short\",\"votedId\":2}"}) {
        EXPECT_FALSE(decode_quorum_state(text).has_value()) << text;
    }
}

TEST(a_snapshot, is_named_by_where_it_ends_and_its_epoch) {
    const snapshot_id id{leader_epoch(3), offset(40)};
    EXPECT_EQ(snapshot_file_name(id), "00000000000000000040-0000000003.checkpoint");
    EXPECT_EQ(snapshot_from_file_name(snapshot_file_name(id)), id);
    for (const char* name : {"00000000000000000040-0000000003.checkpoint.part",
                             "0000000000000000004x-0000000003.checkpoint",
                             "-0000000000000000040-0000000003.checkpoint",
                             "00000000000000000040_0000000003.checkpoint",
                             "00000000000000000040.log"}) {
        EXPECT_FALSE(snapshot_from_file_name(name).has_value()) << name;
    }
}

}  // namespace
}  // namespace verdikt::broker::raft::wire
