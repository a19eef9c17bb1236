// Who may lead, and what it costs.
#include "tests/unit/controller/cluster.h"

namespace verdikt::broker::controller::testing {
namespace {

using kafka::error_code;
using kafka::node_id;
using metadata::from_wire;
using metadata::recovery_state;

/// Three brokers, a topic on all of them, and a minimum of two in sync.
class three_replicas : public ::testing::Test {
  protected:
    void SetUp() override {
        some.start_all({1, 2, 3});
        some.set_config(4, "", "min.insync.replicas", "2");
        some.create("orders", {{1, 2, 3}});
    }
    const metadata::partition& orders() { return some.partition("orders"); }

    cluster some;
};

using election = three_replicas;
using eligible_replicas = three_replicas;

TEST_F(election, takes_the_first_replica_that_is_in_sync) {
    ASSERT_EQ(some.alter_error(some.proposal("orders", {1, 3})), error_code::none);
    some.fence(1);
    EXPECT_EQ(orders().leader, node_id(3)) << "2 is out of sync";
    EXPECT_EQ(orders().recovery, recovery_state::recovered);
}

TEST_F(election, raises_leader_and_partition_epoch_with_each_leader) {
    const auto before = orders();
    some.fence(1);
    EXPECT_EQ(orders().leader_epoch, before.leader_epoch.next());
    EXPECT_EQ(orders().epoch, before.epoch.next());
}

TEST_F(election, leaves_the_leader_epoch_alone_when_a_follower_goes) {
    const auto before = orders();
    some.fence(3);
    EXPECT_EQ(orders().leader_epoch, before.leader_epoch);
    EXPECT_EQ(orders().epoch, before.epoch.next());
}

TEST_F(election, never_takes_a_replica_that_was_neither_in_sync_nor_eligible) {
    ASSERT_EQ(some.alter_error(some.proposal("orders", {1, 2})), error_code::none);
    some.fence(1);
    some.fence(2);
    EXPECT_EQ(orders().leader, kafka::no_node);
    EXPECT_TRUE(orders().isr.empty());
    EXPECT_EQ(orders().eligible, from_wire({1, 2}));
    some.beat(2);
    EXPECT_EQ(orders().leader, node_id(2));
    EXPECT_EQ(orders().isr, from_wire({2}));
    EXPECT_EQ(orders().recovery, recovery_state::recovered);
}

TEST_F(election, without_anybody_raises_the_leader_epoch_too) {
    const auto before = orders().leader_epoch;
    some.fence(3);
    some.fence(2);
    some.fence(1);
    EXPECT_EQ(orders().leader, kafka::no_node);
    EXPECT_EQ(orders().leader_epoch, before.next());
}

TEST_F(election, is_unclean_only_where_the_topic_allows_it) {
    ASSERT_EQ(some.alter_error(some.proposal("orders", {1, 2})), error_code::none);
    some.fence(1);
    some.fence(2);
    ASSERT_EQ(orders().leader, kafka::no_node);
    some.set_config(2, "orders", "unclean.leader.election.enable", "true");
    EXPECT_EQ(orders().leader, node_id(3)) << "at once";
    EXPECT_EQ(orders().isr, from_wire({3}));
    EXPECT_EQ(orders().recovery, recovery_state::recovering);
    EXPECT_TRUE(orders().eligible.empty()) << "they have what the new leader lacks";
}

TEST_F(election, prefers_an_eligible_replica_to_an_unclean_leader) {
    some.set_config(2, "orders", "unclean.leader.election.enable", "true");
    ASSERT_EQ(some.alter_error(some.proposal("orders", {1})), error_code::none);
    ASSERT_EQ(orders().eligible, from_wire({2, 3}));
    some.fence(2);
    some.fence(1);
    EXPECT_EQ(orders().leader, node_id(3));
    EXPECT_EQ(orders().recovery, recovery_state::recovered);
}

TEST_F(election, of_whoever_led_last_is_unclean_and_waits_until_it_lives) {
    some.pass_session({1});
    some.enroll(2);
    some.enroll(3);
    some.pass_session({});
    some.enroll(1);
    ASSERT_TRUE(orders().eligible.empty());
    ASSERT_EQ(orders().last_known_eligible, from_wire({1}));
    some.beat(2);
    EXPECT_EQ(orders().leader, kafka::no_node) << "1 led last";
    EXPECT_FALSE(some.beat(1).is_fenced);
    EXPECT_EQ(orders().leader, node_id(1));
    EXPECT_EQ(orders().isr, from_wire({1}));
    EXPECT_EQ(orders().recovery, recovery_state::recovering);
    EXPECT_TRUE(orders().last_known_eligible.empty());
}

TEST_F(election, of_whoever_led_last_does_not_come_before_somebody_complete) {
    ASSERT_EQ(some.alter_error(some.proposal("orders", {1, 2})), error_code::none);
    some.fence(2);
    some.pass_session({});
    ASSERT_EQ(orders().eligible, from_wire({2, 1}));
    some.start(1);
    ASSERT_EQ(orders().last_known_eligible, from_wire({1}));
    EXPECT_EQ(orders().eligible, from_wire({2}));
    EXPECT_EQ(orders().leader, kafka::no_node) << "2 has everything, and may come back";
    some.beat(2);
    EXPECT_EQ(orders().leader, node_id(2));
    EXPECT_EQ(orders().recovery, recovery_state::recovered);
}

TEST(last_known_leader, is_not_elected_where_that_is_switched_off) {
    auto settings = plain_settings();
    settings.last_known_leader_election = false;
    cluster some(settings);
    some.start(1);
    some.create("orders", {{1}});
    some.pass_session({});
    some.start(1);
    EXPECT_EQ(some.partition("orders").leader, kafka::no_node);
}

TEST_F(eligible_replicas, are_those_that_leave_while_too_few_remain) {
    ASSERT_EQ(some.alter_error(some.proposal("orders", {1, 2})), error_code::none);
    EXPECT_TRUE(orders().eligible.empty()) << "two are enough";
    ASSERT_EQ(some.alter_error(some.proposal("orders", {1})), error_code::none);
    EXPECT_EQ(orders().eligible, from_wire({2})) << "3 may lack what 1 and 2 acknowledged";
}

TEST_F(eligible_replicas, are_struck_off_once_enough_are_in_sync_again) {
    ASSERT_EQ(some.alter_error(some.proposal("orders", {1})), error_code::none);
    ASSERT_EQ(orders().eligible, from_wire({2, 3}));
    ASSERT_EQ(some.alter_error(some.proposal("orders", {1, 3})), error_code::none);
    EXPECT_TRUE(orders().eligible.empty());
}

TEST_F(eligible_replicas, are_never_in_sync_as_well) {
    some.set_config(4, "", "min.insync.replicas", "3");
    ASSERT_EQ(some.alter_error(some.proposal("orders", {1})), error_code::none);
    ASSERT_EQ(some.alter_error(some.proposal("orders", {1, 2})), error_code::none);
    EXPECT_EQ(orders().eligible, from_wire({3}));
}

TEST_F(eligible_replicas, are_struck_off_when_the_minimum_falls_to_what_is_in_sync) {
    ASSERT_EQ(some.alter_error(some.proposal("orders", {1})), error_code::none);
    ASSERT_FALSE(orders().eligible.empty());
    some.set_config(2, "orders", "min.insync.replicas", "1");
    EXPECT_TRUE(orders().eligible.empty()) << "1 alone may acknowledge now";
}

TEST_F(eligible_replicas, follow_the_minimum_of_all_brokers_too) {
    ASSERT_EQ(some.alter_error(some.proposal("orders", {1})), error_code::none);
    some.set_config(4, "", "min.insync.replicas", "1");
    EXPECT_TRUE(orders().eligible.empty());
}

TEST_F(eligible_replicas, of_a_single_replica_follow_a_minimum_of_one) {
    some.create("single", {{1}});
    some.fence(1);
    EXPECT_EQ(some.partition("single").eligible, from_wire({1}));
    some.beat(1);
    EXPECT_EQ(some.partition("single").leader, node_id(1));
    EXPECT_TRUE(some.partition("single").eligible.empty());
}

TEST_F(election, for_preferred_leaders_gives_leadership_back) {
    some.fence(1);
    EXPECT_EQ(some.elect("orders", 0), error_code::preferred_leader_not_available);
    some.beat(1);
    EXPECT_EQ(some.elect("orders", 0), error_code::preferred_leader_not_available)
        << "it has to catch up first";
    ASSERT_EQ(some.alter_error(some.proposal("orders", {1, 2, 3})), error_code::none);
    EXPECT_EQ(some.elect("orders", 0), error_code::none);
    EXPECT_EQ(orders().leader, node_id(1));
    EXPECT_EQ(some.elect("orders", 0), error_code::election_not_needed);
}

TEST_F(election, on_request_answers_for_what_is_not_there) {
    EXPECT_EQ(some.elect("orders", 2), error_code::invalid_request);
    EXPECT_EQ(some.elect("orders", 1), error_code::election_not_needed);
    messages::elect_leaders_request request;
    request.topic_partitions->push_back({.topic = "orders", .partitions = {7}});
    const auto answer = some.take(some.controller.elect_leaders(request, some.when()));
    EXPECT_EQ(answer.replica_election_results.at(0).partition_result.at(0).error_code,
              wire(error_code::unknown_topic_or_partition));
}

TEST_F(election, unclean_on_request_takes_anybody_alive) {
    ASSERT_EQ(some.alter_error(some.proposal("orders", {1, 2})), error_code::none);
    some.fence(1);
    some.fence(2);
    EXPECT_EQ(some.elect("orders", 1), error_code::none);
    EXPECT_EQ(orders().leader, node_id(3));
    EXPECT_EQ(orders().recovery, recovery_state::recovering);
    some.fence(3);
    EXPECT_EQ(some.elect("orders", 1), error_code::eligible_leaders_not_available);
}

TEST_F(election, asked_for_everywhere_reports_only_where_there_was_one) {
    some.create("other", {{2, 3}});
    some.fence(1);
    some.beat(1);
    ASSERT_EQ(some.alter_error(some.proposal("orders", {1, 2, 3})), error_code::none);
    messages::elect_leaders_request request;
    request.topic_partitions.reset();
    const auto answer = some.take(some.controller.elect_leaders(request, some.when()));
    ASSERT_EQ(answer.replica_election_results.size(), 1U);
    EXPECT_EQ(answer.replica_election_results[0].topic, "orders");
}

TEST(leader_balance, gives_leaderships_back_where_too_many_are_elsewhere) {
    auto settings = plain_settings();
    settings.auto_leader_rebalance_enable = true;
    settings.leader_imbalance_check_interval = seconds(30);
    cluster some(settings);
    some.start_all({1, 2});
    some.create("orders", {{1, 2}});
    some.fence(1);
    some.beat(1);
    ASSERT_EQ(some.alter_error(some.proposal("orders", {1, 2})), error_code::none);
    some.pass_session({1, 2});
    EXPECT_EQ(some.partition("orders").leader, node_id(2)) << "not before the interval";
    some.pass_session({1, 2});
    some.pass_session({1, 2});
    EXPECT_EQ(some.partition("orders").leader, node_id(1));
}

TEST(leader_balance, leaves_a_small_imbalance_alone) {
    auto settings = plain_settings();
    settings.auto_leader_rebalance_enable = true;
    settings.leader_imbalance_check_interval = seconds(5);
    settings.leader_imbalance_per_broker_percentage = 50;
    cluster some(settings);
    some.start_all({1, 2});
    some.create("orders", {{2, 1}});
    some.create("rest", {{1, 2}});
    ASSERT_EQ(some.reassign("orders", ids{1, 2}), error_code::none);
    ASSERT_EQ(some.partition("orders").leader, node_id(2));
    some.pass_session({1, 2});
    EXPECT_EQ(some.partition("orders").leader, node_id(2)) << "one of two is half";
}

}  // namespace
}  // namespace verdikt::broker::controller::testing
