// Sessions, fencing, and stopping in order.
#include "tests/unit/controller/cluster.h"

namespace verdikt::broker::controller::testing {
namespace {

using kafka::error_code;
using kafka::node_id;
using metadata::from_wire;

TEST(heartbeat, unfences_only_a_broker_that_has_applied_its_own_registration) {
    cluster some;
    some.enroll(1);
    auto request = some.heartbeat_of(1);
    request.current_metadata_offset = some.processes[1].epoch - 1;
    const auto behind = some.beat(request);
    EXPECT_TRUE(behind.is_fenced);
    EXPECT_FALSE(behind.is_caught_up);
    request.current_metadata_offset = some.processes[1].epoch;
    const auto level = some.beat(request);
    EXPECT_FALSE(level.is_fenced);
    EXPECT_TRUE(level.is_caught_up);
}

TEST(heartbeat, of_an_earlier_process_or_of_nobody_is_refused) {
    cluster some;
    some.start(1);
    auto request = some.heartbeat_of(1);
    request.broker_epoch -= 1;
    EXPECT_EQ(some.beat(request).error_code, wire(error_code::stale_broker_epoch));
    request.broker_id = 2;
    EXPECT_EQ(some.beat(request).error_code, wire(error_code::broker_id_not_registered));
}

TEST(heartbeat, of_an_earlier_process_does_not_renew_the_session) {
    cluster some;
    some.start(1);
    auto request = some.heartbeat_of(1);
    request.broker_epoch -= 1;
    for (int second = 0; second < 9; ++second) {
        some.now += seconds(1);
        some.beat(request);
        some.tick();
    }
    EXPECT_TRUE(some.image().find_broker(node_id(1))->fenced);
}

TEST(fencing, takes_a_silent_broker_out_of_in_sync_sets_and_moves_its_leaderships_in_one_batch) {
    cluster some;
    some.start_all({1, 2, 3});
    some.create("orders", {{1, 2, 3}, {2, 3, 1}});
    some.pass_session({2, 3});
    EXPECT_TRUE(some.image().find_broker(node_id(1))->fenced);
    EXPECT_EQ(some.partition("orders", 0).leader, node_id(2));
    EXPECT_EQ(some.partition("orders", 0).leader_epoch, kafka::leader_epoch(1));
    EXPECT_EQ(some.partition("orders", 0).isr, from_wire({2, 3}));
    EXPECT_EQ(some.partition("orders", 1).leader_epoch, kafka::leader_epoch(0));
    EXPECT_EQ(some.partition("orders", 1).isr, from_wire({2, 3}));
}

TEST(fencing, happens_at_the_end_of_the_session_and_not_before) {
    cluster some;
    some.start(1);
    some.start(2);
    for (int step = 0; step < 8; ++step) {
        some.now += seconds(1);
        some.beat(2);
        some.tick();
        EXPECT_FALSE(some.image().find_broker(node_id(1))->fenced);
    }
    some.now += seconds(1);
    EXPECT_LE(some.controller.next_tick(), some.now);
    some.tick();
    EXPECT_TRUE(some.image().find_broker(node_id(1))->fenced);
    EXPECT_FALSE(some.image().find_broker(node_id(2))->fenced);
}

TEST(fencing, spares_the_brokers_when_the_controller_itself_stood_still) {
    cluster some;
    some.start_all({1, 2});
    some.now += seconds(60);
    some.tick();
    EXPECT_FALSE(some.image().find_broker(node_id(1))->fenced);
    some.pass_session({2});
    EXPECT_TRUE(some.image().find_broker(node_id(1))->fenced) << "but only once";
}

TEST(fencing, is_not_put_off_by_a_controller_that_sleeps_until_its_next_tick) {
    cluster some;
    some.start(1);
    for (int ticks = 0; ticks < 10 && !some.image().find_broker(node_id(1))->fenced; ++ticks) {
        some.now = some.controller.next_tick();
        some.tick();
    }
    EXPECT_TRUE(some.image().find_broker(node_id(1))->fenced);
}

TEST(fencing, gives_every_broker_a_whole_session_after_a_change_of_controllers) {
    cluster some;
    some.start(1);
    some.now += seconds(8);
    some.change_controller();
    for (int step = 0; step < 2; ++step) {
        some.now += seconds(4);
        some.tick();
        EXPECT_FALSE(some.image().find_broker(node_id(1))->fenced);
    }
    some.now += seconds(1);
    some.tick();
    EXPECT_TRUE(some.image().find_broker(node_id(1))->fenced);
}

TEST(fencing, on_request_lasts_while_it_is_requested) {
    cluster some;
    some.start(1);
    some.fence(1);
    auto request = some.heartbeat_of(1);
    request.want_fence = true;
    EXPECT_TRUE(some.beat(request).is_fenced);
    EXPECT_FALSE(some.beat(1).is_fenced);
}

TEST(controlled_shutdown, moves_leaderships_and_lets_go_once_the_others_know) {
    cluster some;
    some.start_all({1, 2, 3});
    some.create("orders", {{1, 2, 3}});
    auto stopping = some.heartbeat_of(1);
    stopping.want_shut_down = true;
    const auto first = some.beat(stopping);
    EXPECT_FALSE(first.should_shut_down) << "nobody knows the new leader yet";
    EXPECT_FALSE(first.is_fenced);
    EXPECT_EQ(some.partition("orders").leader, node_id(2));
    EXPECT_EQ(some.partition("orders").isr, from_wire({2, 3}));
    some.beat(2);
    EXPECT_FALSE(some.beat(stopping).should_shut_down) << "3 does not";
    some.beat(3);
    const auto last = some.beat(stopping);
    EXPECT_TRUE(last.should_shut_down);
    EXPECT_TRUE(last.is_fenced);
}

TEST(controlled_shutdown, keeps_the_broker_from_joining_in_sync_sets_again) {
    cluster some;
    some.start_all({1, 2, 3});
    some.create("orders", {{1, 2, 3}});
    auto stopping = some.heartbeat_of(3);
    stopping.want_shut_down = true;
    some.beat(stopping);
    EXPECT_EQ(some.alter_error(some.proposal("orders", {1, 2, 3})), error_code::ineligible_replica);
}

TEST(controlled_shutdown, is_not_taken_back_by_a_heartbeat_that_forgets_it) {
    cluster some;
    some.start_all({1, 2});
    auto stopping = some.heartbeat_of(1);
    stopping.want_shut_down = true;
    some.beat(stopping);
    some.beat(1);
    EXPECT_FALSE(some.image().find_broker(node_id(1))->is_active());
}

TEST(controlled_shutdown, ends_with_the_session_too) {
    cluster some;
    some.start_all({1, 2});
    auto stopping = some.heartbeat_of(1);
    stopping.want_shut_down = true;
    some.beat(stopping);
    some.pass_session({2});
    const auto answer = some.beat(1);
    EXPECT_TRUE(answer.is_fenced);
    EXPECT_TRUE(answer.should_shut_down) << "it would wait for ever";
}

TEST(controlled_shutdown, of_the_only_broker_leaves_its_replicas_eligible) {
    cluster some;
    some.start(1);
    some.create("orders", {{1}});
    auto stopping = some.heartbeat_of(1);
    stopping.want_shut_down = true;
    EXPECT_TRUE(some.beat(stopping).should_shut_down);
    EXPECT_EQ(some.partition("orders").eligible, from_wire({1}));
}

TEST(controlled_shutdown, frees_the_id_for_the_next_process_at_once) {
    cluster some;
    some.start(1);
    auto stopping = some.heartbeat_of(1);
    stopping.want_shut_down = true;
    ASSERT_TRUE(some.beat(stopping).should_shut_down);
    EXPECT_EQ(some.enroll(1, some.processes[1].epoch).error_code, 0);
}

TEST(controlled_shutdown, goes_on_after_a_change_of_controllers) {
    cluster some;
    some.start_all({1, 2});
    some.create("orders", {{1, 2}});
    auto stopping = some.heartbeat_of(1);
    stopping.want_shut_down = true;
    ASSERT_FALSE(some.beat(stopping).should_shut_down);
    some.change_controller();
    EXPECT_FALSE(some.beat(stopping).should_shut_down) << "2 has said nothing to this controller";
    some.beat(2);
    EXPECT_TRUE(some.beat(stopping).should_shut_down);
}

TEST(failed_directory, takes_its_replicas_out_of_sync_and_moves_their_leaders) {
    cluster some;
    some.processes[1].log_dirs = {uuid_of(11), uuid_of(12)};
    some.start_all({1, 2});
    const kafka::uuid topic = some.create("orders", {{1, 2}});
    messages::assign_replicas_to_dirs_request lies{.broker_id = 1,
                                                   .broker_epoch = some.processes[1].epoch};
    lies.directories.push_back({.id = uuid_of(11)});
    lies.directories[0].topics.push_back({.topic_id = topic, .partitions = {{0}}});
    some.take(some.controller.assign_replicas_to_dirs(lies, some.when()));
    auto failing = some.heartbeat_of(1);
    failing.offline_log_dirs = {uuid_of(11)};
    EXPECT_FALSE(some.beat(failing).is_fenced);
    EXPECT_EQ(some.partition("orders").leader, node_id(2));
    EXPECT_EQ(some.partition("orders").isr, from_wire({2}));
    EXPECT_EQ(some.alter_error(some.proposal("orders", {1, 2})), error_code::ineligible_replica);
    EXPECT_EQ(some.beat(failing).error_code, 0);
    EXPECT_EQ(some.last_count(), 0U) << "said again, it is no news";
}

TEST(failed_directory, that_was_the_last_fences_the_broker_for_good) {
    cluster some;
    some.start_all({1, 2});
    some.create("orders", {{1, 2}});
    auto failing = some.heartbeat_of(1);
    failing.offline_log_dirs = some.processes[1].log_dirs;
    EXPECT_TRUE(some.beat(failing).is_fenced);
    EXPECT_EQ(some.partition("orders").isr, from_wire({2}));
    EXPECT_TRUE(some.beat(failing).is_fenced);
    failing.want_shut_down = true;
    EXPECT_TRUE(some.beat(failing).should_shut_down) << "it has nothing to hand over";
}

TEST(assignment_to_a_directory, away_from_a_lost_one_ends_all_claims_of_the_replica) {
    cluster some;
    some.start(1);
    const kafka::uuid topic = some.create("orders", {{1}});
    some.pass_session({});
    some.processes[1].log_dirs = {uuid_of(99)};
    some.start(1);
    ASSERT_EQ(some.partition("orders").last_known_eligible, from_wire({1}));
    messages::assign_replicas_to_dirs_request lies{.broker_id = 1,
                                                   .broker_epoch = some.processes[1].epoch};
    lies.directories.push_back({.id = uuid_of(99)});
    lies.directories[0].topics.push_back({.topic_id = topic, .partitions = {{0}}});
    some.take(some.controller.assign_replicas_to_dirs(lies, some.when()));
    EXPECT_EQ(some.partition("orders").directories.front(), uuid_of(99));
    EXPECT_EQ(some.partition("orders").leader, kafka::no_node) << "the new log is empty";
    EXPECT_EQ(some.elect("orders", 1), error_code::none) << "unless the operator wants it";
}

TEST(assignment_to_a_directory, is_fenced_and_checked) {
    cluster some;
    some.start_all({1, 2});
    const kafka::uuid topic = some.create("orders", {{1}});
    messages::assign_replicas_to_dirs_request request{.broker_id = 2, .broker_epoch = 0};
    request.directories.push_back({.id = uuid_of(102)});
    request.directories[0].topics.push_back({.topic_id = topic, .partitions = {{0}, {1}}});
    request.directories[0].topics.push_back({.topic_id = uuid_of(1), .partitions = {{0}}});
    auto answer = some.take(some.controller.assign_replicas_to_dirs(request, some.when()));
    EXPECT_EQ(answer.error_code, wire(error_code::stale_broker_epoch));
    request.broker_epoch = some.processes[2].epoch;
    answer = some.take(some.controller.assign_replicas_to_dirs(request, some.when()));
    const auto& topics = answer.directories.at(0).topics;
    EXPECT_EQ(topics.at(0).partitions.at(0).error_code, wire(error_code::not_leader_or_follower));
    EXPECT_EQ(topics.at(0).partitions.at(1).error_code,
              wire(error_code::unknown_topic_or_partition));
    EXPECT_EQ(topics.at(1).partitions.at(0).error_code, wire(error_code::unknown_topic_id));
}

}  // namespace
}  // namespace verdikt::broker::controller::testing
