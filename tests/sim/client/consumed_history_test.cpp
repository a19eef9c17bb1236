// The judge of groups itself: each kind of broken promise is seen, and what is allowed is not.
#include "tests/sim/client_programs/consumed_history.h"

#include <gtest/gtest.h>

namespace verdikt::tests {
namespace {

const client::topic_partition consumed_partition{.topic = "t",
                                                 .partition = kafka::partition_index(0)};

client::offset_map at(std::int64_t offset) {
    client::offset_map offsets;
    offsets[consumed_partition].offset = kafka::offset(offset);
    return offsets;
}

class consumed_history_test : public testing::Test {
  protected:
    void process_below(std::int64_t end) {
        for (std::int64_t offset = 0; offset < end; ++offset) {
            history_.processed(consumed_partition, kafka::offset(offset));
        }
    }
    [[nodiscard]] std::size_t faults() const { return history_.violations().size(); }

    consumed_history history_;
};

TEST_F(consumed_history_test, a_member_that_goes_on_where_the_last_one_committed_is_right) {
    history_.began(consumed_partition, kafka::offset(0));
    process_below(5);
    history_.acknowledged(at(3));
    history_.seen({}, at(3));
    history_.began(consumed_partition, kafka::offset(3));
    history_.acknowledged(at(5));
    EXPECT_EQ(faults(), 0U);
    EXPECT_EQ(history_.acknowledgements(), 2U);
    EXPECT_EQ(history_.beginnings(), 2U);
}

TEST_F(consumed_history_test, a_member_that_begins_below_what_was_committed_is_wrong) {
    process_below(5);
    history_.acknowledged(at(3));
    history_.began(consumed_partition, kafka::offset(2));
    EXPECT_EQ(faults(), 1U);
}

TEST_F(consumed_history_test, a_member_that_begins_behind_what_nobody_processed_is_wrong) {
    process_below(2);
    history_.began(consumed_partition, kafka::offset(3));
    EXPECT_EQ(faults(), 1U);
}

TEST_F(consumed_history_test, a_commit_acknowledged_below_an_earlier_one_is_wrong) {
    process_below(5);
    history_.acknowledged(at(4));
    history_.acknowledged(at(2));
    EXPECT_EQ(faults(), 1U);
}

TEST_F(consumed_history_test, a_commit_that_went_back_or_is_gone_is_wrong) {
    process_below(5);
    history_.acknowledged(at(4));
    history_.seen(history_.highest(), at(2));
    EXPECT_EQ(faults(), 1U);
    history_.seen(history_.highest(), {});
    EXPECT_EQ(faults(), 2U);
}

TEST_F(consumed_history_test, only_a_commit_whose_answer_did_not_come_at_once_may_arrive_late) {
    process_below(5);
    history_.doubtful(at(2));
    history_.acknowledged(at(4));
    history_.seen(history_.highest(), at(2));
    EXPECT_EQ(faults(), 0U);
    history_.certain(at(2));
    history_.acknowledged(at(4));
    history_.seen(history_.highest(), at(2));
    EXPECT_EQ(faults(), 1U);
}

TEST_F(consumed_history_test, all_is_processed_once_every_record_that_was_found_is) {
    const std::vector<found_record> found{
        {.name = {}, .where = consumed_partition, .offset = kafka::offset(0)},
        {.name = {}, .where = consumed_partition, .offset = kafka::offset(1)}};
    process_below(1);
    EXPECT_FALSE(history_.all_processed(found));
    process_below(2);
    EXPECT_TRUE(history_.all_processed(found));
}

TEST_F(consumed_history_test, what_was_to_be_deleted_may_come_back_and_need_not_be_processed) {
    history_.may_be_gone(consumed_partition, kafka::offset(2));
    history_.began(consumed_partition, kafka::offset(2));
    EXPECT_TRUE(history_.all_processed(
        {{.name = {}, .where = consumed_partition, .offset = kafka::offset(1)}}));
    EXPECT_FALSE(history_.all_processed(
        {{.name = {}, .where = consumed_partition, .offset = kafka::offset(2)}}));
}

}  // namespace
}  // namespace verdikt::tests
