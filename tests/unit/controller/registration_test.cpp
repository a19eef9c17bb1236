// Brokers that come to be known, prove how they ended, and are forgotten.
#include "tests/unit/controller/cluster.h"

namespace verdikt::broker::controller::testing {
namespace {

using kafka::error_code;
using kafka::node_id;
using metadata::from_wire;

TEST(registration, gives_the_offset_of_its_record_as_epoch_and_starts_fenced) {
    cluster some;
    const auto expected = some.log_end.value();
    EXPECT_EQ(some.enroll(1).broker_epoch, expected);
    EXPECT_TRUE(some.image().find_broker(node_id(1))->fenced);
}

TEST(registration, of_another_process_is_refused_while_the_first_is_heard_of) {
    cluster some;
    some.start(1);
    EXPECT_EQ(some.enroll(1).error_code, wire(error_code::duplicate_broker_registration));
    some.pass_session({});
    EXPECT_EQ(some.enroll(1).error_code, 0);
}

TEST(registration, is_refused_even_while_the_first_process_is_still_fenced) {
    cluster some;
    some.enroll(1);
    EXPECT_EQ(some.enroll(1).error_code, wire(error_code::duplicate_broker_registration));
}

TEST(registration, asked_for_again_by_the_same_process_gives_the_same_epoch) {
    cluster some;
    const auto request = some.registration(1);
    const auto first = some.enroll(request);
    const auto second = some.enroll(request);
    EXPECT_EQ(second.error_code, 0);
    EXPECT_EQ(second.broker_epoch, first.broker_epoch);
    EXPECT_EQ(some.last_count(), 0U);
}

TEST(registration, after_a_broken_connection_waits_for_the_grace_only) {
    cluster some;
    some.start(1);
    const kafka::broker_epoch epoch(some.processes[1].epoch);
    some.controller.connection_lost(node_id(1), epoch.previous(), some.now);
    some.now += milliseconds(600);
    EXPECT_EQ(some.enroll(1).error_code, wire(error_code::duplicate_broker_registration))
        << "the connection of an earlier process says nothing";
    some.controller.connection_lost(node_id(1), epoch, some.now);
    EXPECT_LE(some.controller.next_tick(), some.now + milliseconds(500));
    some.now += milliseconds(500);
    some.tick();
    EXPECT_TRUE(some.image().find_broker(node_id(1))->fenced);
    EXPECT_EQ(some.enroll(1).error_code, 0);
}

TEST(registration, of_a_broker_of_another_cluster_is_refused) {
    cluster some;
    auto request = some.registration(1);
    request.cluster_id = "elsewhere";
    EXPECT_EQ(some.enroll(request).error_code, wire(error_code::inconsistent_cluster_id));
}

TEST(registration, without_listeners_or_with_directories_of_another_is_refused) {
    cluster some;
    some.start(1);
    auto request = some.registration(2);
    request.listeners.clear();
    EXPECT_EQ(some.enroll(request).error_code, wire(error_code::invalid_registration));
    request = some.registration(2);
    request.log_dirs = some.processes[1].log_dirs;
    EXPECT_EQ(some.enroll(request).error_code, wire(error_code::invalid_registration));
    request.log_dirs = {uuid_of(5), uuid_of(5)};
    EXPECT_EQ(some.enroll(request).error_code, wire(error_code::invalid_registration));
}

TEST(registration, of_a_broker_that_lacks_a_feature_in_use_is_refused) {
    auto settings = plain_settings();
    settings.features["transaction.version"] = {.levels = {0, 2}, .initial = 2};
    cluster some(settings);
    EXPECT_EQ(some.enroll(1).error_code, wire(error_code::unsupported_version));
    auto request = some.registration(1);
    request.features.push_back(
        {.name = "transaction.version", .min_supported_version = 0, .max_supported_version = 2});
    EXPECT_EQ(some.enroll(request).error_code, 0);
}

TEST(unclean_restart, drops_the_broker_before_it_is_unfenced) {
    cluster some;
    some.start_all({1, 2, 3});
    some.create("orders", {{1, 2, 3}});
    // Back within its session, so never fenced before.
    some.controller.connection_lost(
        node_id(1), kafka::broker_epoch(some.processes[1].epoch), some.now);
    some.now += milliseconds(500);
    ASSERT_EQ(some.enroll(1).error_code, 0);
    EXPECT_EQ(some.partition("orders").isr, from_wire({2, 3}));
    EXPECT_EQ(some.partition("orders").leader, node_id(2));
}

TEST(unclean_restart, ends_the_leadership_of_the_process_before_in_the_batch_that_registers) {
    cluster some;
    some.start_all({1, 2});
    some.create("alone", {{1}});
    some.create("orders", {{1, 2}});
    const auto alone = some.partition("alone").leader_epoch;
    const auto orders = some.partition("orders").leader_epoch;
    some.controller.connection_lost(
        node_id(1), kafka::broker_epoch(some.processes[1].epoch), some.now);
    some.now += milliseconds(500);
    ASSERT_EQ(some.enroll(1).error_code, 0);
    EXPECT_EQ(some.last_count(), 3U) << "the registration and both partitions";
    EXPECT_EQ(some.partition("alone").leader, kafka::no_node);
    EXPECT_EQ(some.partition("alone").leader_epoch, alone.next());
    EXPECT_EQ(some.partition("orders").leader, node_id(2));
    EXPECT_EQ(some.partition("orders").leader_epoch, orders.next());
}

TEST(clean_restart, ends_the_leadership_of_the_process_before_in_the_batch_that_registers) {
    cluster some;
    some.start_all({1, 2});
    some.create("alone", {{1}});
    const auto alone = some.partition("alone").leader_epoch;
    const std::int64_t before = some.processes[1].epoch;
    some.controller.connection_lost(node_id(1), kafka::broker_epoch(before), some.now);
    some.now += milliseconds(500);
    ASSERT_EQ(some.enroll(1, before).error_code, 0);
    EXPECT_EQ(some.last_count(), 2U);
    EXPECT_EQ(some.partition("alone").leader, kafka::no_node);
    EXPECT_EQ(some.partition("alone").leader_epoch, alone.next());
    EXPECT_EQ(some.partition("alone").eligible, from_wire({1}));
}

TEST(unclean_restart, of_an_eligible_replica_ends_its_eligibility) {
    cluster some;
    some.start_all({1, 2});
    some.set_config(4, "", "min.insync.replicas", "2");
    some.create("orders", {{1, 2}});
    some.fence(2);
    ASSERT_EQ(some.partition("orders").eligible, from_wire({2}));
    some.pass_session({1});
    ASSERT_EQ(some.enroll(2).error_code, 0);
    EXPECT_TRUE(some.partition("orders").eligible.empty());
}

TEST(unclean_restart, of_the_last_complete_replica_leaves_nobody_complete) {
    cluster some;
    some.start_all({1, 2});
    some.create("orders", {{1, 2}});
    some.pass_session({1});
    ASSERT_EQ(some.partition("orders").isr, from_wire({1}));
    some.pass_session({});
    ASSERT_EQ(some.partition("orders").eligible, from_wire({1}));
    ASSERT_EQ(some.enroll(1).error_code, 0);
    EXPECT_TRUE(some.partition("orders").eligible.empty());
    EXPECT_EQ(some.partition("orders").last_known_eligible, from_wire({1}));
    some.start(2);
    EXPECT_EQ(some.partition("orders").leader, kafka::no_node) << "2 was out of sync";
}

TEST(clean_restart, proven_by_the_epoch_of_the_process_before_keeps_a_replica_eligible) {
    cluster some;
    some.start(1);
    some.create("orders", {{1}});
    const std::int64_t before = some.processes[1].epoch;
    some.pass_session({});
    ASSERT_EQ(some.enroll(1, before).error_code, 0);
    EXPECT_EQ(some.partition("orders").eligible, from_wire({1}));
    EXPECT_FALSE(some.beat(1).is_fenced);
    EXPECT_EQ(some.partition("orders").leader, node_id(1));
    EXPECT_EQ(some.partition("orders").recovery, metadata::recovery_state::recovered);
}

TEST(clean_restart, with_the_proof_of_an_older_process_is_unclean) {
    cluster some;
    some.start(1);
    some.create("orders", {{1}});
    const std::int64_t oldest = some.processes[1].epoch;
    some.pass_session({});
    some.start(1, oldest);
    some.pass_session({});
    ASSERT_EQ(some.enroll(1, oldest).error_code, 0);
    EXPECT_TRUE(some.partition("orders").eligible.empty());
}

TEST(clean_restart, without_one_of_its_directories_drops_what_lay_there) {
    cluster some;
    some.start(1);
    some.create("orders", {{1}});
    const std::int64_t before = some.processes[1].epoch;
    some.pass_session({});
    some.processes[1].log_dirs = {uuid_of(99)};
    ASSERT_EQ(some.enroll(1, before).error_code, 0);
    EXPECT_TRUE(some.partition("orders").eligible.empty());
    EXPECT_TRUE(some.beat(1).is_caught_up);
    EXPECT_EQ(some.partition("orders").leader, kafka::no_node) << "its log is on no disk";
}

TEST(unregistering, drops_the_replicas_of_the_broker_and_frees_its_id) {
    cluster some;
    some.start_all({1, 2});
    some.set_config(4, "", "min.insync.replicas", "2");
    some.create("orders", {{1, 2}});
    some.fence(2);
    const auto answer = some.take(some.controller.unregister_broker({.broker_id = 2}, some.when()));
    EXPECT_EQ(answer.error_code, 0);
    EXPECT_EQ(some.image().find_broker(node_id(2)), nullptr);
    EXPECT_TRUE(some.partition("orders").eligible.empty());
    EXPECT_EQ(some.partition("orders").replicas, from_wire({1, 2}));
    EXPECT_EQ(
        some.take(some.controller.unregister_broker({.broker_id = 2}, some.when())).error_code,
        wire(error_code::broker_id_not_registered));
    EXPECT_EQ(some.enroll(2).error_code, 0);
}

}  // namespace
}  // namespace verdikt::broker::controller::testing
