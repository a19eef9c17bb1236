// In-sync sets as leaders propose them: every check, and their order.
#include "tests/unit/controller/cluster.h"

namespace verdikt::broker::controller::testing {
namespace {

using kafka::error_code;
using kafka::node_id;
using metadata::from_wire;
using metadata::recovery_state;

class alter_partition : public ::testing::Test {
  protected:
    void SetUp() override {
        some.start_all({1, 2, 3});
        some.create("orders", {{1, 2}});
    }
    /// A proposal that leaves everything as it is.
    messages::alter_partition_request good() { return some.proposal("orders", {1, 2}); }
    static auto& of(messages::alter_partition_request& request) {
        return request.topics[0].partitions[0];
    }
    const metadata::partition& orders() { return some.partition("orders"); }

    cluster some;
};

TEST_F(alter_partition, of_a_set_that_is_as_it_was_still_raises_the_partition_epoch) {
    const auto late = some.proposal("orders", {1});
    const auto answer = some.alter(good());
    EXPECT_EQ(some.last_count(), 1U);
    const auto& now = answer.topics.at(0).partitions.at(0);
    EXPECT_EQ(now.error_code, 0);
    EXPECT_EQ(now.isr, (ids{1, 2}));
    EXPECT_EQ(now.partition_epoch, 1);
    EXPECT_EQ(now.leader_epoch, 0);
    EXPECT_EQ(some.alter_error(late), error_code::invalid_update_version)
        << "what was asked for before is void";
}

TEST_F(alter_partition, shrinks_and_says_what_the_partition_is_now) {
    const auto answer = some.alter(some.proposal("orders", {1}));
    const auto& now = answer.topics.at(0).partitions.at(0);
    EXPECT_EQ(now.isr, (ids{1}));
    EXPECT_EQ(now.leader_id, 1);
    EXPECT_EQ(now.leader_epoch, 0);
    EXPECT_EQ(now.partition_epoch, 1);
    EXPECT_EQ(orders().isr, from_wire({1}));
}

TEST_F(alter_partition, reads_the_plain_list_of_older_versions) {
    auto request = good();
    of(request).new_isr_with_epochs.clear();
    of(request).new_isr = {1};
    EXPECT_EQ(some.alter_error(request), error_code::none);
    EXPECT_EQ(orders().isr, from_wire({1}));
}

TEST_F(alter_partition, of_another_process_of_the_broker_is_refused_as_a_whole) {
    auto request = good();
    request.broker_epoch += 1;
    EXPECT_EQ(some.alter(request).error_code, wire(error_code::stale_broker_epoch));
    request.broker_id = 9;
    EXPECT_EQ(some.alter(request).error_code, wire(error_code::stale_broker_epoch));
}

TEST_F(alter_partition, of_an_unknown_topic_or_partition_is_refused) {
    auto request = good();
    request.topics[0].topic_id = uuid_of(7);
    EXPECT_EQ(some.alter_error(request), error_code::unknown_topic_id);
    request = good();
    of(request).partition_index = 1;
    EXPECT_EQ(some.alter_error(request), error_code::unknown_topic_or_partition);
}

TEST_F(alter_partition, from_a_leader_that_knows_more_means_that_this_is_no_controller) {
    auto request = good();
    of(request).leader_epoch = 1;
    EXPECT_EQ(some.alter_error(request), error_code::not_controller);
    request = good();
    of(request).partition_epoch = 1;
    EXPECT_EQ(some.alter_error(request), error_code::not_controller);
}

TEST_F(alter_partition, of_an_earlier_leader_is_fenced) {
    auto late = some.proposal("orders", {1});
    some.fence(1);
    ASSERT_EQ(orders().leader, node_id(2));
    EXPECT_EQ(some.alter_error(late), error_code::fenced_leader_epoch);
}

TEST_F(alter_partition, from_who_does_not_lead_is_refused) {
    auto request = good();
    request.broker_id = 2;
    request.broker_epoch = some.processes[2].epoch;
    EXPECT_EQ(some.alter_error(request), error_code::invalid_request);
}

TEST_F(alter_partition, made_for_an_earlier_state_of_the_partition_is_refused) {
    auto late = good();
    ASSERT_EQ(some.alter_error(some.proposal("orders", {1})), error_code::none);
    EXPECT_EQ(some.alter_error(late), error_code::invalid_update_version);
    EXPECT_EQ(orders().isr, from_wire({1}));
}

TEST_F(alter_partition, checks_the_epochs_before_the_members) {
    auto request = some.proposal("orders", {1, 3});
    of(request).partition_epoch = 1;
    of(request).leader_epoch = -1;
    EXPECT_EQ(some.alter_error(request), error_code::not_controller);
    of(request).partition_epoch = -1;
    EXPECT_EQ(some.alter_error(request), error_code::fenced_leader_epoch);
    of(request).leader_epoch = 0;
    request.broker_id = 2;
    request.broker_epoch = some.processes[2].epoch;
    EXPECT_EQ(some.alter_error(request), error_code::invalid_request);
    request = some.proposal("orders", {1, 3});
    of(request).partition_epoch = -1;
    EXPECT_EQ(some.alter_error(request), error_code::invalid_update_version);
}

TEST_F(alter_partition, takes_only_sets_of_replicas_with_the_leader_among_them) {
    EXPECT_EQ(some.alter_error(some.proposal("orders", {1, 3})), error_code::invalid_request);
    EXPECT_EQ(some.alter_error(some.proposal("orders", {2})), error_code::invalid_request);
    EXPECT_EQ(some.alter_error(some.proposal("orders", {})), error_code::invalid_request);
    EXPECT_EQ(some.alter_error(some.proposal("orders", {1, 1})), error_code::invalid_request);
    EXPECT_EQ(orders().isr, from_wire({1, 2}));
}

TEST_F(alter_partition, does_not_let_a_fenced_broker_join) {
    some.fence(2);
    EXPECT_EQ(some.alter_error(good()), error_code::ineligible_replica);
    some.beat(2);
    EXPECT_EQ(some.alter_error(good()), error_code::none);
}

TEST_F(alter_partition, does_not_let_another_process_join_than_the_leader_saw) {
    some.fence(2);
    const auto seen_before = some.processes[2].epoch;
    some.pass_session({1, 3});
    some.start(2);
    auto request = good();
    of(request).new_isr_with_epochs[1].broker_epoch = seen_before;
    EXPECT_EQ(some.alter_error(request), error_code::ineligible_replica);
    of(request).new_isr_with_epochs[1].broker_epoch = -1;
    EXPECT_EQ(some.alter_error(request), error_code::ineligible_replica)
        << "who joins is named with its epoch";
    EXPECT_EQ(some.alter_error(good()), error_code::none);
}

TEST_F(alter_partition, lets_a_member_stay_whose_epoch_the_leader_does_not_know) {
    auto request = good();
    of(request).new_isr_with_epochs[1].broker_epoch = -1;
    EXPECT_EQ(some.alter_error(request), error_code::none);
}

TEST_F(alter_partition, does_not_let_an_unregistered_broker_join) {
    some.fence(2);
    some.take(some.controller.unregister_broker({.broker_id = 2}, some.when()));
    EXPECT_EQ(some.alter_error(good()), error_code::ineligible_replica);
}

class recovery : public alter_partition {
  protected:
    void SetUp() override {
        alter_partition::SetUp();
        ASSERT_EQ(some.alter_error(some.proposal("orders", {1})), error_code::none);
        some.fence(1);
        ASSERT_EQ(some.elect("orders", 1), error_code::none);
        ASSERT_EQ(orders().recovery, recovery_state::recovering);
        some.beat(1);
    }
};

TEST_F(recovery, ends_when_the_leader_says_so) {
    EXPECT_EQ(some.alter_error(some.proposal("orders", {2})), error_code::none);
    EXPECT_EQ(orders().recovery, recovery_state::recovered);
    EXPECT_EQ(some.alter_error(some.proposal("orders", {1, 2})), error_code::none);
}

TEST_F(recovery, lets_nobody_join_before_its_end) {
    auto request = some.proposal("orders", {1, 2});
    of(request).leader_recovery_state = 1;
    EXPECT_EQ(some.alter_error(request), error_code::invalid_request);
    request = some.proposal("orders", {2});
    of(request).leader_recovery_state = 1;
    EXPECT_EQ(some.alter_error(request), error_code::none);
    EXPECT_EQ(orders().recovery, recovery_state::recovering);
}

TEST_F(recovery, is_not_begun_by_a_leader) {
    ASSERT_EQ(some.alter_error(some.proposal("orders", {2})), error_code::none);
    auto request = some.proposal("orders", {2});
    of(request).leader_recovery_state = 1;
    EXPECT_EQ(some.alter_error(request), error_code::invalid_request);
}

TEST_F(recovery, outlives_a_restart_of_the_leader) {
    some.fence(2);
    EXPECT_EQ(orders().leader, kafka::no_node);
    some.beat(2);
    EXPECT_EQ(orders().leader, node_id(2));
    EXPECT_EQ(orders().recovery, recovery_state::recovering);
}

}  // namespace
}  // namespace verdikt::broker::controller::testing
