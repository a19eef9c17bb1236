#include "broker/raft/log_picture.h"

#include "tests/unit/raft/bench.h"

#include <gtest/gtest.h>

namespace verdikt::broker::raft {
namespace {

log_position position(int epoch, std::int64_t end) {
    return {leader_epoch(epoch), offset(end)};
}

TEST(a_log, knows_where_each_epoch_ends) {
    const log_picture log = log_of(voters_of({0}), {1, 1, 3, 3, 6});
    EXPECT_EQ(log.end_of(leader_epoch(0)), position(0, 0));
    EXPECT_EQ(log.end_of(leader_epoch(1)), position(1, 2));
    EXPECT_EQ(log.end_of(leader_epoch(2)), position(1, 2));
    EXPECT_EQ(log.end_of(leader_epoch(3)), position(3, 4));
    EXPECT_EQ(log.end_of(leader_epoch(9)), position(6, 5));
}

TEST(a_log, is_compared_by_its_last_epoch_and_then_by_its_length) {
    EXPECT_LT(position(1, 100), position(2, 1));
    EXPECT_LT(position(2, 1), position(2, 2));
}

TEST(a_log, that_is_cut_forgets_epochs_and_voters_beyond) {
    log_picture log = log_of(voters_of({0}), {1, 1});
    log.append(batch_at(2, 2, voters_of({0, 1})));
    log.append(batch_at(3, 4));
    log.truncate(offset(3));
    EXPECT_EQ(log.last(), position(2, 3));
    EXPECT_EQ(log.voters(), voters_of({0, 1}));
    log.truncate(offset(2));
    EXPECT_EQ(log.last(), position(1, 2));
    EXPECT_EQ(log.voters(), voters_of({0}));
    EXPECT_FALSE(log.voters_at().has_value());
    log.truncate(offset(0));
    EXPECT_EQ(log.last(), position(0, 0));
    log.check_invariants();
}

TEST(a_log, that_is_trimmed_still_knows_the_epoch_before_its_start) {
    log_picture log = log_of(voters_of({0}), {1, 1, 3, 3, 6});
    log.trim(position(3, 3));
    log.check_invariants();
    EXPECT_EQ(log.epoch_before(offset(3)), leader_epoch(3));
    EXPECT_EQ(log.end_of(leader_epoch(3)), position(3, 4));
    EXPECT_EQ(log.end_of(leader_epoch(2)), position(3, 3)) << "all that can be said";
    log.trim(position(6, 5));
    log.check_invariants();
    EXPECT_EQ(log.last(), position(6, 5));
}

TEST(a_log, that_is_trimmed_keeps_the_voters_in_force_at_its_start) {
    log_picture log = log_of(voters_of({0}), {1});
    log.append(batch_at(1, 1, voters_of({0, 1})));
    log.append(batch_at(2, 1));
    log.append(batch_at(3, 1, voters_of({0, 1, 2})));
    EXPECT_EQ(log.voters_before(offset(1)), voters_of({0}));
    EXPECT_EQ(log.voters_before(offset(3)), voters_of({0, 1}));
    log.trim(position(1, 3));
    log.truncate(offset(3));
    EXPECT_EQ(log.voters(), voters_of({0, 1}));
    log.check_invariants();
}

TEST(a_log, is_continued_only_at_its_end_by_an_epoch_not_before_its_last) {
    log_picture log = log_of(voters_of({0}), {2});
    EXPECT_TRUE(log.continues(batch_at(1, 2)));
    EXPECT_TRUE(log.continues(batch_at(1, 5)));
    EXPECT_FALSE(log.continues(batch_at(2, 2)));
    EXPECT_FALSE(log.continues(batch_at(0, 2)));
    EXPECT_FALSE(log.continues(batch_at(1, 1)));
}

}  // namespace
}  // namespace verdikt::broker::raft
