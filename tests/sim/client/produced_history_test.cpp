// The judge itself: each kind of broken promise is seen.
#include "tests/sim/client_programs/produced_history.h"

#include <gtest/gtest.h>

namespace verdikt::tests {
namespace {

const client::topic_partition produced_partition{.topic = "t",
                                                 .partition = kafka::partition_index(0)};
constexpr record_name one{.producer = 0, .life = 1, .number = 1};
constexpr record_name two{.producer = 0, .life = 1, .number = 2};

found_record found_at(const record_name& name, std::int64_t offset) {
    return {.name = name, .where = produced_partition, .offset = kafka::offset(offset)};
}

client::delivered delivered_at(std::int64_t offset) {
    return {.where = produced_partition, .offset = kafka::offset(offset)};
}

class produced_history_test : public testing::Test {
  protected:
    produced_history_test() {
        history_.sending(one);
        history_.sending(two);
    }
    [[nodiscard]] std::size_t faults(const std::vector<found_record>& found) const {
        return history_.judge(found, {}).size();
    }
    produced_history history_;
};

TEST_F(produced_history_test, names_are_read_as_they_were_written) {
    EXPECT_EQ(record_name::read(two.text()), two);
}

TEST_F(produced_history_test, a_log_as_told_is_right_whatever_became_of_the_unknown) {
    history_.told(one, delivered_at(0));
    EXPECT_EQ(faults({found_at(one, 0)}), 0U);
    EXPECT_EQ(faults({found_at(one, 0), found_at(two, 1)}), 0U);
}

TEST_F(produced_history_test, an_acknowledged_record_that_is_missing_or_elsewhere_is_wrong) {
    history_.told(one, delivered_at(0));
    EXPECT_EQ(faults({}), 1U);
    EXPECT_EQ(faults({found_at(one, 3)}), 1U);
}

TEST_F(produced_history_test, a_record_that_is_there_twice_is_wrong) {
    EXPECT_GE(faults({found_at(two, 0), found_at(two, 1)}), 1U);
}

TEST_F(produced_history_test, records_that_changed_places_are_wrong) {
    EXPECT_EQ(faults({found_at(two, 0), found_at(one, 1)}), 1U);
}

TEST_F(produced_history_test, a_failed_record_that_is_there_is_wrong) {
    history_.told(two, client::failed{.why = {.reason = client::errc::timed_out}});
    EXPECT_EQ(faults({found_at(two, 0)}), 1U);
}

TEST_F(produced_history_test, a_record_that_nobody_sent_is_wrong) {
    EXPECT_EQ(faults({found_at({.producer = 7, .life = 1, .number = 1}, 0)}), 1U);
}

}  // namespace
}  // namespace verdikt::tests
