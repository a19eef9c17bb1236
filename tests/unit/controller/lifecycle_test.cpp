// A broker's side of its standing, against the controller itself.
#include "broker/lifecycle/broker_lifecycle.h"

#include "tests/unit/controller/cluster.h"

#include <algorithm>

namespace verdikt::broker::controller::testing {
namespace {

using kafka::error_code;
using lifecycle::broker_lifecycle;
using lifecycle::standing;

/// Broker 1 of a cluster, whose requests arrive or do not.
class lifecycle_of_a_broker : public ::testing::Test {
  protected:
    broker_lifecycle process(std::int64_t previous_epoch = -1) {
        return broker_lifecycle(some.registration(1, previous_epoch), {});
    }
    /// Sends what is due, if anything is. True if something was.
    bool exchange(broker_lifecycle& broker) {
        const auto request = broker.next_request(some.now);
        if (!request) return false;
        EXPECT_FALSE(broker.next_request(some.now)) << "one at a time";
        EXPECT_FALSE(broker.next_time());
        if (const auto* asked = std::get_if<messages::broker_registration_request>(&*request)) {
            broker.on_registration(some.take(some.controller.register_broker(*asked, some.when())),
                                   some.now);
        } else {
            const auto& beat = std::get<messages::broker_heartbeat_request>(*request);
            broker.on_heartbeat(some.beat(beat), some.now);
        }
        broker.check_invariants();
        return true;
    }
    void exchange_all(broker_lifecycle& broker, seconds during = seconds(2)) {
        const auto end = some.now + during;
        while (some.now < end) {
            exchange(broker);
            some.now += milliseconds(50);
            some.tick();
        }
    }
    /// Everything is sent, and the answer to each is lost.
    void lose_answer(broker_lifecycle& broker) {
        const auto request = broker.next_request(some.now);
        ASSERT_TRUE(request.has_value());
        if (const auto* asked = std::get_if<messages::broker_registration_request>(&*request))
            some.take(some.controller.register_broker(*asked, some.when()));
        broker.on_unknown_outcome(some.now);
        broker.check_invariants();
    }
    void catch_up(broker_lifecycle& broker) { broker.on_metadata(some.log_end.previous()); }
    broker_lifecycle active_process() {
        broker_lifecycle broker = process();
        broker.on_recovered(some.now);
        exchange(broker);
        catch_up(broker);
        exchange(broker);
        EXPECT_EQ(broker.where(), standing::active);
        return broker;
    }

    cluster some;
};

TEST_F(lifecycle_of_a_broker, is_fenced_while_its_disk_hangs_and_active_again_when_it_answers) {
    broker_lifecycle broker = active_process();
    broker.on_disk_stalled(true, some.now);
    EXPECT_TRUE(exchange(broker)) << "not at the next interval, but at once";
    EXPECT_EQ(broker.where(), standing::fenced);
    catch_up(broker);
    exchange_all(broker, seconds(30));
    EXPECT_EQ(broker.where(), standing::fenced);
    broker.on_disk_stalled(false, some.now);
    EXPECT_TRUE(exchange(broker));
    EXPECT_EQ(broker.where(), standing::active);
}

TEST_F(lifecycle_of_a_broker, begins_with_a_registration_and_is_active_once_it_knows_of_it) {
    broker_lifecycle broker = process();
    broker.on_recovered(some.now);
    EXPECT_EQ(broker.where(), standing::unregistered);
    ASSERT_TRUE(exchange(broker));
    EXPECT_EQ(broker.where(), standing::fenced);
    EXPECT_NE(broker.epoch(), kafka::no_broker_epoch);
    exchange_all(broker);
    EXPECT_EQ(broker.where(), standing::fenced) << "it has not applied its registration";
    catch_up(broker);
    exchange_all(broker);
    EXPECT_EQ(broker.where(), standing::active);
}

TEST_F(lifecycle_of_a_broker, stays_fenced_until_its_logs_are_recovered) {
    broker_lifecycle broker = process();
    exchange(broker);
    catch_up(broker);
    exchange_all(broker);
    EXPECT_EQ(broker.where(), standing::fenced);
    broker.on_recovered(some.now);
    EXPECT_EQ(broker.next_time(), some.now) << "at once";
    exchange(broker);
    EXPECT_EQ(broker.where(), standing::active);
}

TEST_F(lifecycle_of_a_broker, is_not_registered_twice_when_an_answer_is_lost) {
    broker_lifecycle broker = process();
    lose_answer(broker);
    EXPECT_FALSE(broker.next_request(some.now)) << "not at once";
    const auto registered = some.log_end;
    exchange_all(broker, seconds(1));
    EXPECT_EQ(broker.epoch().value(), registered.value() - 1);
}

TEST_F(lifecycle_of_a_broker, waits_for_the_session_of_the_process_before_it) {
    broker_lifecycle killed = active_process();
    broker_lifecycle next = process();
    exchange_all(next, seconds(8));
    EXPECT_EQ(next.where(), standing::unregistered);
    exchange_all(next, seconds(2));
    EXPECT_EQ(next.where(), standing::fenced);
    some.now += seconds(2);
    exchange(killed);
    EXPECT_EQ(killed.where(), standing::replaced) << "it was only paused, and must not serve";
    EXPECT_FALSE(killed.next_time());
}

TEST_F(lifecycle_of_a_broker, heartbeats_often_enough_to_stay_active) {
    broker_lifecycle broker = active_process();
    exchange_all(broker, seconds(60));
    EXPECT_EQ(broker.where(), standing::active);
    EXPECT_GE(*broker.last_contact(), some.now - seconds(3));
}

TEST_F(lifecycle_of_a_broker, counts_its_session_from_when_it_asked_and_not_from_the_answer) {
    broker_lifecycle broker = active_process();
    some.now += seconds(2);
    const auto asked = some.now;
    const auto request = broker.next_request(some.now);
    ASSERT_TRUE(request.has_value());
    const auto answer = some.beat(std::get<messages::broker_heartbeat_request>(*request));
    some.now += seconds(1);
    broker.on_heartbeat(answer, some.now);
    EXPECT_EQ(broker.last_contact(), asked);
}

TEST_F(lifecycle_of_a_broker, comes_back_after_it_was_fenced_for_its_silence) {
    broker_lifecycle broker = active_process();
    some.pass_session({});
    ASSERT_TRUE(some.image().find_broker(kafka::node_id(1))->fenced);
    exchange(broker);
    EXPECT_EQ(broker.where(), standing::active);
}

TEST_F(lifecycle_of_a_broker, stops_once_the_controller_lets_it_and_proves_it_next_time) {
    some.start(2);
    broker_lifecycle broker = active_process();
    some.create("orders", {{1, 2}});
    broker.stop(some.now);
    exchange(broker);
    EXPECT_EQ(broker.where(), standing::stopping);
    EXPECT_EQ(some.partition("orders").leader, kafka::node_id(2));
    some.beat(2);
    exchange_all(broker, seconds(1));
    EXPECT_EQ(broker.where(), standing::stopped);
    EXPECT_FALSE(broker.next_time());
    broker_lifecycle next = process(broker.epoch().value());
    exchange(next);
    EXPECT_EQ(next.where(), standing::fenced) << "its id is free at once";
}

TEST_F(lifecycle_of_a_broker, claims_a_clean_end_once) {
    some.start(1);
    const std::int64_t before = some.processes[1].epoch;
    some.pass_session({});
    broker_lifecycle broker = process(before);
    exchange(broker);
    some.take(some.controller.unregister_broker({.broker_id = 1}, some.when()));
    exchange(broker);
    ASSERT_EQ(broker.where(), standing::unregistered) << "forgotten";
    some.now += seconds(1);
    const auto again = broker.next_request(some.now);
    EXPECT_EQ(std::get<messages::broker_registration_request>(*again).previous_broker_epoch, -1);
}

TEST_F(lifecycle_of_a_broker, that_nobody_knows_stops_at_once) {
    broker_lifecycle broker = process();
    const auto request = broker.next_request(some.now);
    broker.stop(some.now);
    EXPECT_EQ(broker.where(), standing::stopped);
    broker.on_registration({.broker_epoch = 7}, some.now);
    EXPECT_EQ(broker.where(), standing::stopped);
    broker.check_invariants();
}

TEST_F(lifecycle_of_a_broker, ends_where_the_controller_will_never_take_it) {
    auto registration = some.registration(1);
    registration.cluster_id = "elsewhere";
    broker_lifecycle broker(registration, {});
    exchange(broker);
    EXPECT_EQ(broker.where(), standing::refused);
    EXPECT_EQ(broker.refusal(), error_code::inconsistent_cluster_id);
    EXPECT_FALSE(broker.next_time());
}

TEST_F(lifecycle_of_a_broker, tells_every_controller_of_its_failed_directories) {
    some.processes[1].log_dirs = {uuid_of(11), uuid_of(12)};
    broker_lifecycle broker = active_process();
    broker.on_failed_directory(uuid_of(11), some.now);
    broker.on_failed_directory(uuid_of(11), some.now);
    exchange(broker);
    EXPECT_EQ(some.image().find_broker(kafka::node_id(1))->log_dirs, std::vector{uuid_of(12)});
    some.now += seconds(2);
    const auto later = broker.next_request(some.now);
    EXPECT_EQ(std::get<messages::broker_heartbeat_request>(*later).offline_log_dirs,
              std::vector{uuid_of(11)});
}

}  // namespace
}  // namespace verdikt::broker::controller::testing
