// That the judge of the storm would notice.
#include "tests/sim/quorum/judge.h"

#include <gtest/gtest.h>

namespace verdikt::tests {
namespace {

using broker::quorum::committed_batch;
using raft::leader_epoch;
using raft::offset;

committed_batch batch_at(int base, int epoch) {
    return {.base = offset(base), .epoch = leader_epoch(epoch), .record_count = 2};
}

/// Nodes 1 and 2 have applied [0, 4).
judge after_two_batches() {
    judge on;
    for (const int node : {1, 2}) {
        on.applies(node, batch_at(0, 1), 10);
        on.applies(node, batch_at(2, 1), 20);
    }
    EXPECT_FALSE(on.violation().has_value());
    EXPECT_EQ(on.committed(), offset(4));
    return on;
}

TEST(judge, finds_nothing_wrong_with_one_story_told_twice) {
    judge on = after_two_batches();
    on.loads(3, {leader_epoch(1), offset(4)}, 20);
    on.takes_part(1, leader_epoch(2), raft::node_id(1));
    on.takes_part(2, leader_epoch(2), raft::node_id(1));
    on.is_ready(1, leader_epoch(2), offset(4));
    on.applies(3, batch_at(4, 2), 30);
    EXPECT_FALSE(on.violation().has_value()) << *on.violation();
}

TEST(judge, notices_another_batch_where_one_was_committed) {
    judge other_epoch = after_two_batches();
    other_epoch.applies(3, batch_at(2, 2), 20);
    EXPECT_TRUE(other_epoch.violation().has_value());
    judge other_content = after_two_batches();
    other_content.applies(3, batch_at(2, 1), 21);
    EXPECT_TRUE(other_content.violation().has_value());
}

TEST(judge, notices_what_is_committed_without_what_is_before_it) {
    judge on = after_two_batches();
    on.applies(1, batch_at(6, 1), 30);
    EXPECT_TRUE(on.violation().has_value());
}

TEST(judge, notices_a_snapshot_of_something_else) {
    judge other_state = after_two_batches();
    other_state.loads(3, {leader_epoch(1), offset(4)}, 21);
    EXPECT_TRUE(other_state.violation().has_value());
    judge other_end = after_two_batches();
    other_end.loads(3, {leader_epoch(1), offset(3)}, 20);
    EXPECT_TRUE(other_end.violation().has_value());
}

TEST(judge, notices_two_leaders_of_an_epoch) {
    judge on;
    on.takes_part(1, leader_epoch(2), raft::node_id(1));
    on.takes_part(2, leader_epoch(2), raft::node_id(2));
    EXPECT_TRUE(on.violation().has_value());
}

TEST(judge, notices_a_leader_that_lacks_what_is_committed) {
    judge on = after_two_batches();
    on.is_ready(3, leader_epoch(2), offset(2));
    EXPECT_TRUE(on.violation().has_value());
}

}  // namespace
}  // namespace verdikt::tests
