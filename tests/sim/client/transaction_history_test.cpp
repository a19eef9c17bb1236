// The judge of transactions rejects what it has to.
#include "tests/sim/client_programs/transaction_history.h"

#include <gtest/gtest.h>

namespace verdikt::tests {
namespace {

class transaction_judge : public testing::Test {
  protected:
    /// A transaction of two records.
    void write(int number, transaction_fate fate) {
        const transaction_name name{0, number};
        history_.begun(name);
        history_.written(name);
        history_.written(name);
        history_.offsets_sent(name);
        if (fate == transaction_fate::open) return;
        if (fate == transaction_fate::aborted) return history_.aborted(name);
        history_.commit_asked(name);
        if (fate == transaction_fate::committed) history_.committed(name);
    }
    void find(int number, int record) {
        found_.push_back({.what = {.of = {0, number}, .record = record},
                          .where = {"t", kafka::partition_index(0)},
                          .offset = kafka::offset(static_cast<std::int64_t>(found_.size()))});
    }
    [[nodiscard]] std::size_t complaints() const { return history_.judge(found_).size(); }

    transaction_history history_;
    std::vector<found_transactional> found_;
};

TEST_F(transaction_judge, takes_a_whole_commit) {
    write(0, transaction_fate::committed);
    find(0, 0);
    find(0, 1);
    EXPECT_EQ(complaints(), 0U);
}

TEST_F(transaction_judge, rejects_a_torn_commit) {
    write(0, transaction_fate::committed);
    find(0, 1);
    EXPECT_EQ(complaints(), 1U);
}

TEST_F(transaction_judge, rejects_a_lost_commit) {
    write(0, transaction_fate::committed);
    EXPECT_EQ(complaints(), 1U);
}

TEST_F(transaction_judge, rejects_aborted_records_and_those_of_a_transaction_left_open) {
    write(0, transaction_fate::aborted);
    write(1, transaction_fate::open);
    find(0, 0);
    find(1, 0);
    find(1, 1);
    EXPECT_EQ(complaints(), 2U);
}

TEST_F(transaction_judge, takes_all_or_nothing_of_an_unknown_one_but_no_half) {
    write(0, transaction_fate::unknown);
    EXPECT_EQ(complaints(), 0U);
    find(0, 0);
    EXPECT_EQ(complaints(), 1U);
    find(0, 1);
    EXPECT_EQ(complaints(), 0U);
}

TEST_F(transaction_judge, rejects_a_record_that_is_there_twice_or_out_of_order) {
    write(0, transaction_fate::committed);
    find(0, 1);
    find(0, 0);
    EXPECT_EQ(complaints(), 1U);
    find(0, 0);
    EXPECT_EQ(complaints(), 2U);
}

TEST_F(transaction_judge, wants_the_offset_of_the_last_that_counts) {
    write(0, transaction_fate::committed);
    write(1, transaction_fate::aborted);
    EXPECT_FALSE(history_.judge_offset(0, 0).has_value());
    EXPECT_TRUE(history_.judge_offset(0, 1).has_value());
    EXPECT_TRUE(history_.judge_offset(0, std::nullopt).has_value());
    write(2, transaction_fate::unknown);
    EXPECT_FALSE(history_.judge_offset(0, 0).has_value());
    EXPECT_FALSE(history_.judge_offset(0, 2).has_value());
}

}  // namespace
}  // namespace verdikt::tests
