// Which of several commits counts, in whatever order their transactions end.
#include "broker/coordinator/committed_offsets.h"

#include <gtest/gtest.h>

namespace verdikt::broker::coordinator {
namespace {

const kafka::topic_partition committed_partition{"t", kafka::partition_index(0)};
constexpr kafka::producer_id first{1};
constexpr kafka::producer_id second{2};

committed_offset to_commit(std::int64_t offset) {
    return {.at = kafka::offset(offset)};
}

class transactional_commits : public testing::Test {
  protected:
    void write(kafka::producer_id producer, std::int64_t offset) {
        offsets_.begin_in_transaction(committed_partition);
        offsets_.finish_in_transaction(committed_partition, producer, to_commit(offset));
        offsets_.check_invariants();
    }
    void write_plainly(std::int64_t offset) {
        offsets_.begin(committed_partition);
        offsets_.finish(committed_partition, to_commit(offset));
        offsets_.check_invariants();
    }
    void end(kafka::producer_id producer, bool committed) {
        offsets_.end_transaction(producer, committed);
        offsets_.check_invariants();
    }
    /// -1 for none.
    [[nodiscard]] std::int64_t found() const {
        const committed_offset* value = offsets_.find(committed_partition);
        return value == nullptr ? -1 : value->at.value();
    }

    committed_offsets offsets_;
};

TEST_F(transactional_commits, count_once_their_transaction_is_committed) {
    write(first, 5);
    EXPECT_EQ(found(), -1);
    EXPECT_TRUE(offsets_.is_unstable(committed_partition));
    EXPECT_FALSE(offsets_.empty());
    end(first, true);
    EXPECT_EQ(found(), 5);
    EXPECT_FALSE(offsets_.is_unstable(committed_partition));
}

TEST_F(transactional_commits, leave_what_was_there_if_it_is_aborted) {
    write_plainly(3);
    write(first, 5);
    EXPECT_EQ(found(), 3);
    end(first, false);
    EXPECT_EQ(found(), 3);
}

TEST_F(transactional_commits, are_unstable_from_the_moment_they_are_being_written) {
    offsets_.begin_in_transaction(committed_partition);
    EXPECT_TRUE(offsets_.is_unstable(committed_partition));
    EXPECT_TRUE(offsets_.knows(committed_partition));
    offsets_.finish_in_transaction(committed_partition, first, std::nullopt);
    EXPECT_FALSE(offsets_.is_unstable(committed_partition));
    EXPECT_TRUE(offsets_.empty());
}

TEST_F(transactional_commits, give_way_to_a_plain_one_that_stands_behind_them_in_the_log) {
    write(first, 5);
    write_plainly(9);
    end(first, true);
    EXPECT_EQ(found(), 9);
}

TEST_F(transactional_commits, give_way_to_a_deletion_behind_them) {
    write(first, 5);
    offsets_.erase(committed_partition);
    end(first, true);
    EXPECT_EQ(found(), -1);
}

TEST_F(transactional_commits, count_in_the_order_of_the_log_not_of_their_ends) {
    write(first, 5);
    write(second, 7);
    end(second, true);
    end(first, true);
    EXPECT_EQ(found(), 7);
}

TEST_F(transactional_commits, count_if_the_later_one_is_aborted) {
    write(first, 5);
    write(second, 7);
    end(second, false);
    end(first, true);
    EXPECT_EQ(found(), 5);
}

TEST_F(transactional_commits, do_not_expire_while_a_transaction_is_open) {
    write_plainly(3);
    write(first, 5);
    const kafka::timestamp late(1'000'000);
    EXPECT_TRUE(offsets_.expired(late, std::chrono::milliseconds(1), std::nullopt).empty());
    EXPECT_EQ(offsets_.partitions().size(), 1U);
    end(first, false);
    EXPECT_EQ(offsets_.expired(late, std::chrono::milliseconds(1), std::nullopt).size(), 1U);
}

}  // namespace
}  // namespace verdikt::broker::coordinator
