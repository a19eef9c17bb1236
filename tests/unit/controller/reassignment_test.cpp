// Partitions that move to other brokers.
#include "tests/unit/controller/cluster.h"

namespace verdikt::broker::controller::testing {
namespace {

using kafka::error_code;
using kafka::node_id;
using metadata::from_wire;

class reassignment : public ::testing::Test {
  protected:
    void SetUp() override {
        some.start_all({1, 2, 3, 4, 5});
        some.create("orders", {{1, 2, 3}});
    }
    const metadata::partition& orders() { return some.partition("orders"); }
    error_code propose(const ids& isr) { return some.alter_error(some.proposal("orders", isr)); }

    cluster some;
};

TEST_F(reassignment, brings_new_replicas_in_and_takes_old_ones_away_once_they_are_in_sync) {
    ASSERT_EQ(some.reassign("orders", ids{3, 4, 5}), error_code::none);
    EXPECT_EQ(orders().replicas, from_wire({3, 4, 5, 1, 2}));
    EXPECT_EQ(orders().adding, from_wire({4, 5}));
    EXPECT_EQ(orders().removing, from_wire({1, 2}));
    EXPECT_EQ(orders().directories.size(), 5U);
    EXPECT_EQ(orders().directories[1], uuid_of(104));
    EXPECT_EQ(orders().leader, node_id(1)) << "nothing is gone yet";
    ASSERT_EQ(propose({1, 2, 3, 4}), error_code::none);
    EXPECT_TRUE(orders().is_reassigning()) << "5 is missing";
    EXPECT_EQ(propose({1, 2, 3, 4, 5}), error_code::new_leader_elected);
    EXPECT_FALSE(orders().is_reassigning());
    EXPECT_EQ(orders().replicas, from_wire({3, 4, 5}));
    EXPECT_EQ(orders().isr, from_wire({3, 4, 5}));
    EXPECT_EQ(orders().leader, node_id(3));
    EXPECT_EQ(orders().directories, (std::vector{uuid_of(103), uuid_of(104), uuid_of(105)}));
}

TEST_F(reassignment, that_takes_replicas_away_fences_them_by_the_leader_epoch) {
    const auto before = orders().leader_epoch;
    ASSERT_EQ(some.reassign("orders", ids{1, 2}), error_code::none);
    EXPECT_EQ(orders().replicas, from_wire({1, 2}));
    EXPECT_EQ(orders().leader, node_id(1));
    EXPECT_EQ(orders().leader_epoch, before.next());
}

TEST_F(reassignment, that_only_orders_anew_is_done_at_once_and_keeps_the_leader) {
    const auto before = orders().leader_epoch;
    ASSERT_EQ(some.reassign("orders", ids{3, 2, 1}), error_code::none);
    EXPECT_FALSE(orders().is_reassigning());
    EXPECT_EQ(orders().replicas, from_wire({3, 2, 1}));
    EXPECT_EQ(orders().leader, node_id(1));
    EXPECT_EQ(orders().leader_epoch, before);
}

TEST_F(reassignment, does_not_end_with_fewer_in_sync_than_the_minimum) {
    some.set_config(4, "", "min.insync.replicas", "2");
    ASSERT_EQ(propose({1, 3}), error_code::none);
    ASSERT_EQ(some.reassign("orders", ids{1, 2}), error_code::none);
    EXPECT_TRUE(orders().is_reassigning()) << "only 1 would be left in sync";
    EXPECT_TRUE(metadata::contains(orders().isr, node_id(3)));
    ASSERT_EQ(propose({1, 2, 3}), error_code::none);
    EXPECT_EQ(orders().replicas, from_wire({1, 2}));
}

TEST_F(reassignment, is_cancelled_by_null) {
    EXPECT_EQ(some.reassign("orders", std::nullopt), error_code::no_reassignment_in_progress);
    ASSERT_EQ(some.reassign("orders", ids{3, 4, 5}), error_code::none);
    ASSERT_EQ(propose({1, 2, 3, 4}), error_code::none);
    ASSERT_EQ(some.reassign("orders", std::nullopt), error_code::none);
    EXPECT_FALSE(orders().is_reassigning());
    EXPECT_EQ(orders().replicas, from_wire({3, 1, 2}));
    EXPECT_EQ(orders().isr, from_wire({1, 2, 3}));
}

TEST_F(reassignment, is_not_cancelled_if_only_new_replicas_are_complete) {
    ASSERT_EQ(some.reassign("orders", ids{4, 5}), error_code::none);
    ASSERT_EQ(propose({1, 4}), error_code::none);
    some.fence(1);
    ASSERT_EQ(orders().isr, from_wire({4}));
    EXPECT_EQ(some.reassign("orders", std::nullopt), error_code::invalid_replica_assignment);
    EXPECT_EQ(orders().leader, node_id(4));
}

// Storm of the cluster, seed 102516.
TEST_F(reassignment, that_takes_whoever_led_last_away_leaves_somebody_to_elect) {
    some.set_config(4, "", "min.insync.replicas", "2");
    ASSERT_EQ(some.reassign("orders", ids{4, 5}), error_code::none);
    ASSERT_EQ(propose({1, 4}), error_code::none);
    some.fence(1);
    some.pass_session({2, 3, 5});
    some.enroll(4);
    ASSERT_EQ(orders().eligible, from_wire({1}));
    ASSERT_EQ(orders().last_known_eligible, from_wire({4}));
    ASSERT_EQ(some.reassign("orders", std::nullopt), error_code::none);
    EXPECT_EQ(orders().last_known_eligible, from_wire({1}));
    some.enroll(1);
    EXPECT_FALSE(some.beat(1).is_fenced);
    EXPECT_EQ(orders().leader, node_id(1));
}

TEST_F(reassignment, takes_whoever_led_last_away_only_with_somebody_complete) {
    ASSERT_EQ(some.reassign("orders", ids{4, 5}), error_code::none);
    ASSERT_EQ(propose({1, 4}), error_code::none);
    some.fence(1);
    some.pass_session({});
    some.enroll(4);
    ASSERT_TRUE(orders().isr.empty());
    ASSERT_TRUE(orders().eligible.empty());
    ASSERT_EQ(orders().last_known_eligible, from_wire({4}));
    EXPECT_EQ(some.reassign("orders", std::nullopt), error_code::invalid_replica_assignment);
    EXPECT_EQ(some.reassign("orders", ids{1, 2, 3}), error_code::invalid_replica_assignment);
    EXPECT_EQ(some.reassign("orders", ids{1, 4}), error_code::none);
    EXPECT_FALSE(some.beat(4).is_fenced);
    EXPECT_EQ(orders().leader, node_id(4));
}

TEST_F(reassignment, replaced_by_another_drops_what_the_first_was_bringing_in) {
    ASSERT_EQ(some.reassign("orders", ids{1, 4}), error_code::none);
    ASSERT_EQ(some.reassign("orders", ids{1, 5}), error_code::none);
    EXPECT_EQ(orders().replicas, from_wire({1, 5, 2, 3}));
    EXPECT_EQ(orders().adding, from_wire({5}));
    EXPECT_EQ(orders().removing, from_wire({2, 3}));
}

TEST_F(reassignment, that_names_a_replica_on_its_way_still_waits_for_it) {
    ASSERT_EQ(some.reassign("orders", ids{1, 4}), error_code::none);
    ASSERT_EQ(some.reassign("orders", ids{4}), error_code::none);
    EXPECT_EQ(orders().adding, from_wire({4}));
    EXPECT_TRUE(orders().is_reassigning());
    EXPECT_EQ(propose({1, 2, 3, 4}), error_code::new_leader_elected);
    EXPECT_EQ(orders().replicas, from_wire({4}));
}

TEST_F(reassignment, goes_on_when_the_leader_fails) {
    ASSERT_EQ(some.reassign("orders", ids{4, 5, 3}), error_code::none);
    some.fence(1);
    EXPECT_EQ(orders().leader, node_id(3));
    EXPECT_TRUE(orders().is_reassigning());
    EXPECT_EQ(propose({2, 3, 4, 5}), error_code::none);
    EXPECT_EQ(orders().replicas, from_wire({4, 5, 3}));
}

TEST_F(reassignment, to_replicas_that_cannot_be_is_refused) {
    const auto bad = error_code::invalid_replica_assignment;
    EXPECT_EQ(some.reassign("orders", ids{}), bad);
    EXPECT_EQ(some.reassign("orders", ids{1, 1}), bad);
    EXPECT_EQ(some.reassign("orders", ids{1, 9}), bad);
    EXPECT_EQ(some.reassign("nothing", ids{1}), error_code::unknown_topic_or_partition);
}

TEST_F(reassignment, that_is_under_way_is_listed) {
    some.create("still", {{1, 2}});
    ASSERT_EQ(some.reassign("orders", ids{1, 4}), error_code::none);
    const auto all = some.controller.list_reassignments({}).answer;
    ASSERT_EQ(all.topics.size(), 1U);
    EXPECT_EQ(all.topics[0].name, "orders");
    EXPECT_EQ(all.topics[0].partitions.at(0).adding_replicas, ids{4});
    EXPECT_EQ(all.topics[0].partitions.at(0).removing_replicas, (ids{2, 3}));
    messages::list_partition_reassignments_request wanted;
    wanted.topics.emplace().push_back({.name = "orders", .partition_indexes = {1}});
    EXPECT_TRUE(some.controller.list_reassignments(wanted).answer.topics.empty());
    wanted.topics->push_back({.name = "orders", .partition_indexes = {0}});
    EXPECT_EQ(some.controller.list_reassignments(wanted).answer.topics.size(), 1U);
}

}  // namespace
}  // namespace verdikt::broker::controller::testing
