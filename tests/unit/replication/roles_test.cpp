// A replica's roles: who leads when, and what it answers.
#include "broker/replication/partition_replica.h"
#include "tests/unit/replication/replication_bench.h"

namespace verdikt::broker::replication {
namespace {

/// Broker 1 in its incarnation 10, with ten records of epoch 3.
class a_replica : public testing::Test {
  protected:
    a_replica() { log.append(3, 10); }

    void metadata(kafka::node_id leader, std::int32_t leader_epoch, std::int32_t epoch_now) {
        partition_state state = led_by_1(leader_epoch, epoch_now, {n1, n2});
        state.leader = leader;
        apply(state);
    }
    void apply(const partition_state& state) {
        replica.apply(state, brokers, log, now, out);
        replica.check_invariants(log);
    }
    void lead(std::int32_t leader_epoch, std::int32_t epoch_now) {
        metadata(n1, leader_epoch, epoch_now);
        assign(leader_epoch);
    }
    void assign(std::int32_t leader_epoch) {
        log.assign(leader_epoch);
        replica.epoch_assigned(epoch(leader_epoch), log, now, out);
        replica.check_invariants(log);
    }
    fetch_verdict fetch_by_2(std::int32_t leader_epoch, std::int64_t from) {
        return replica.fetch({.replica = n2,
                              .epoch = incarnation(20),
                              .current_leader_epoch = epoch(leader_epoch),
                              .from = at(from),
                              .last_fetched_epoch = log.epoch_of(at(from - 1)),
                              .log_start = log.start()},
                             log,
                             now,
                             out);
    }
    [[nodiscard]] replica_role role() const { return replica.role(); }

    replica_settings settings{.min_insync_replicas = 2};
    sample_log log;
    broker_standings brokers = three_brokers();
    runtime::instant now{seconds(1'000)};
    effects out;
    partition_replica replica{n1, incarnation(10), settings, at(4)};
};

TEST_F(a_replica, leads_when_metadata_says_so_and_serves_once_its_log_knows_the_epoch) {
    metadata(n1, 5, 7);
    EXPECT_EQ(role(), replica_role::leader);
    ASSERT_EQ(only<assign_epoch>(out).size(), 1U);
    EXPECT_EQ(only<assign_epoch>(out)[0].epoch, epoch(5));
    EXPECT_EQ(fetch_by_2(5, 10).error, error_code::not_leader_or_follower);
    EXPECT_FALSE(replica.admit_produce(required_acks::leader, now).has_value());
    assign(5);
    EXPECT_EQ(fetch_by_2(5, 10).error, error_code::none);
    EXPECT_EQ(replica.admit_produce(required_acks::leader, now).value(), epoch(5));
}

TEST_F(a_replica, leads_once_it_learns_that_the_registration_which_metadata_has_is_its_own) {
    brokers[n1].epoch = incarnation(11);
    metadata(n1, 5, 7);
    EXPECT_EQ(role(), replica_role::none);
    replica.registered(incarnation(12), log, now, out);
    EXPECT_EQ(role(), replica_role::none);
    replica.registered(incarnation(11), log, now, out);
    EXPECT_EQ(role(), replica_role::leader);
    ASSERT_EQ(only<assign_epoch>(out).size(), 1U);
}

TEST_F(a_replica, that_registers_anew_goes_on_in_its_role) {
    lead(5, 7);
    replica.registered(incarnation(12), log, now, out);
    EXPECT_TRUE(replica.leading()->is_serving());
    EXPECT_EQ(only<assign_epoch>(out).size(), 1U);
}

TEST_F(a_replica, ignores_an_assignment_of_a_leadership_that_is_over) {
    metadata(n1, 5, 7);
    metadata(n2, 6, 8);
    metadata(n1, 7, 9);
    log.assign(5);
    replica.epoch_assigned(epoch(5), log, now, out);
    EXPECT_FALSE(replica.leading()->is_serving());
}

TEST_F(a_replica, follows_whom_metadata_names) {
    metadata(n2, 5, 7);
    EXPECT_EQ(role(), replica_role::follower);
    ASSERT_EQ(only<send_fetch>(out).size(), 1U);
    EXPECT_EQ(only<send_fetch>(out)[0].leader, n2);
}

TEST_F(a_replica, goes_forward_only) {
    lead(5, 7);
    metadata(n2, 4, 8);
    EXPECT_EQ(role(), replica_role::leader);
    metadata(n2, 6, 6);
    EXPECT_EQ(role(), replica_role::leader);
    metadata(n2, 6, 8);
    EXPECT_EQ(role(), replica_role::follower);
}

TEST_F(a_replica, without_a_leader_asks_nobody) {
    metadata(no_leader, 5, 7);
    EXPECT_TRUE(out.empty());
    EXPECT_EQ(replica.admit_produce(required_acks::leader, now).error(),
              error_code::not_leader_or_follower);
}

TEST_F(a_replica, that_is_none_according_to_metadata_does_nothing) {
    partition_state state = led_by_1(5, 7, {n2});
    state.leader = n2;
    state.replicas = {n2, n3};
    apply(state);
    EXPECT_EQ(role(), replica_role::none);
}

TEST_F(a_replica, does_not_lead_an_epoch_that_was_given_to_an_earlier_incarnation) {
    brokers[n1].epoch = incarnation(9);
    metadata(n1, 5, 7);
    EXPECT_EQ(role(), replica_role::none);
    brokers[n1].epoch = incarnation(10);
    metadata(n1, 5, 7);
    EXPECT_EQ(role(), replica_role::none) << "that epoch stays spent";
    metadata(n1, 6, 8);
    EXPECT_EQ(role(), replica_role::leader);
}

TEST_F(a_replica, does_not_lead_an_epoch_that_its_log_knows_already) {
    log.assign(5);
    metadata(n1, 5, 7);
    EXPECT_EQ(role(), replica_role::none);
}

TEST_F(a_replica, when_demoted_fails_all_that_wait_and_all_that_were_appended_in_its_time) {
    lead(5, 7);
    log.append(5, 2);
    replica.await_commit(ticket(1), at(11), epoch(5), out);
    metadata(n2, 6, 8);
    replica.await_commit(ticket(2), at(12), epoch(5), out);
    const auto answers = only<answer_produce>(out);
    ASSERT_EQ(answers.size(), 2U);
    for (const auto& answer : answers) EXPECT_EQ(answer.error, error_code::not_leader_or_follower);
}

TEST_F(a_replica, that_leads_again_does_not_answer_for_what_it_appended_before) {
    lead(5, 7);
    log.append(5, 2);
    metadata(n2, 6, 8);
    lead(7, 9);
    replica.await_commit(ticket(1), at(12), epoch(5), out);
    EXPECT_EQ(only<answer_produce>(out).back().error, error_code::not_leader_or_follower);
}

TEST_F(a_replica, takes_its_high_watermark_from_role_to_role) {
    lead(5, 7);
    EXPECT_EQ(replica.high_watermark(), at(4));
    EXPECT_EQ(fetch_by_2(5, 9).error, error_code::none);
    EXPECT_EQ(replica.high_watermark(), at(9));
    metadata(n2, 6, 8);
    EXPECT_EQ(replica.high_watermark(), at(9));
}

TEST_F(a_replica, does_not_take_an_answer_to_an_earlier_leadership_for_its_own) {
    lead(5, 7);
    const auto fetch_by_3 = [&](std::int32_t leader_epoch) {
        return replica.fetch({.replica = n3,
                              .epoch = incarnation(30),
                              .current_leader_epoch = epoch(leader_epoch),
                              .from = at(10),
                              .last_fetched_epoch = epoch(3),
                              .log_start = log.start()},
                             log,
                             now,
                             out);
    };
    EXPECT_EQ(fetch_by_3(5).error, error_code::none);
    const auto first = only<send_alter_partition>(out).back();
    metadata(n2, 6, 8);
    lead(7, 9);
    EXPECT_EQ(fetch_by_3(7).error, error_code::none);
    ASSERT_EQ(only<send_alter_partition>(out).size(), 2U);
    replica.alter_partition_answered(
        first.number, alter_refused{error_code::ineligible_replica}, log, now, out);
    EXPECT_TRUE(replica.leading()->in_sync().is_open());
}

TEST_F(a_replica, does_not_take_an_answer_of_an_earlier_leader_for_one_of_its_own) {
    metadata(n2, 5, 7);
    const fetch_number first = only<send_fetch>(out)[0].number;
    metadata(n3, 6, 8);
    replica.fetch_answered(
        {.number = first, .records = fetched_records{at(10), at(11), epoch(5)}}, log, now, out);
    EXPECT_TRUE(only<append_fetched>(out).empty());
}

TEST_F(a_replica, changes_its_role_only_after_the_cut_under_way_has_ended) {
    metadata(n2, 5, 7);
    replica.fetch_answered({.number = only<send_fetch>(out)[0].number,
                            .diverging = storage::epoch_end{epoch(3), at(8)}},
                           log,
                           now,
                           out);
    ASSERT_EQ(only<truncate_log>(out).size(), 1U);
    metadata(n1, 6, 8);
    EXPECT_EQ(role(), replica_role::none);
    EXPECT_TRUE(only<assign_epoch>(out).empty());
    log.truncate(at(8));
    replica.log_settled(log, now, out);
    EXPECT_EQ(role(), replica_role::leader);
    assign(6);
    EXPECT_EQ(replica.leading()->epoch_start(), at(8));
}

TEST_F(a_replica, follows_only_after_its_own_late_appends_have_ended) {
    lead(5, 7);
    replica.append_begun();
    replica.append_begun();
    metadata(n2, 6, 8);
    EXPECT_EQ(role(), replica_role::none);
    EXPECT_TRUE(only<send_fetch>(out).empty());
    log.append(5, 1);
    replica.append_ended(log, now, out);
    EXPECT_EQ(role(), replica_role::none);
    replica.append_ended(log, now, out);
    EXPECT_EQ(role(), replica_role::follower);
    ASSERT_EQ(only<send_fetch>(out).size(), 1U);
    EXPECT_EQ(only<send_fetch>(out)[0].from, at(11));
}

TEST_F(a_replica, whose_log_failed_gives_up_and_says_so) {
    lead(5, 7);
    log.append(5, 1);
    replica.await_commit(ticket(1), at(11), epoch(5), out);
    replica.log_failed(out);
    EXPECT_EQ(role(), replica_role::failed);
    EXPECT_EQ(only<answer_produce>(out).size(), 1U);
    EXPECT_EQ(fetch_by_2(5, 10).error, error_code::kafka_storage_error);
    metadata(n1, 6, 8);
    EXPECT_EQ(role(), replica_role::failed);
}

TEST_F(a_replica, checks_the_epoch_of_a_client_before_its_own_role) {
    metadata(n2, 5, 7);
    EXPECT_EQ(replica.consumer_fetch(epoch(4), at(3), log).error, error_code::fenced_leader_epoch);
    EXPECT_EQ(replica.consumer_fetch(epoch(6), at(3), log).error, error_code::unknown_leader_epoch);
    EXPECT_EQ(replica.consumer_fetch(epoch(5), at(3), log).error,
              error_code::not_leader_or_follower);
    EXPECT_EQ(replica.consumer_fetch(kafka::no_leader_epoch, at(3), log).error,
              error_code::not_leader_or_follower);
}

TEST_F(a_replica, shows_consumers_nothing_above_the_high_watermark) {
    lead(5, 7);
    const auto verdict = replica.consumer_fetch(epoch(5), at(3), log);
    EXPECT_EQ(verdict.error, error_code::none);
    EXPECT_EQ(verdict.bound, at(4));
    EXPECT_EQ(replica.consumer_fetch(epoch(5), at(10), log).error, error_code::none)
        << "above the high watermark records are on their way";
    EXPECT_EQ(replica.consumer_fetch(epoch(5), at(11), log).error, error_code::offset_out_of_range);
}

TEST_F(a_replica, does_not_say_where_the_log_ends_while_its_predecessor_may_have_said_more) {
    lead(5, 7);
    EXPECT_EQ(replica.visible_end(epoch(5)).error(), error_code::offset_not_available);
    EXPECT_EQ(fetch_by_2(5, 9).error, error_code::none);
    EXPECT_EQ(replica.visible_end(epoch(5)).error(), error_code::offset_not_available);
    EXPECT_EQ(fetch_by_2(5, 10).error, error_code::none);
    EXPECT_EQ(replica.visible_end(epoch(5)).value(), at(10));
}

TEST_F(a_replica, answers_where_an_epoch_ended) {
    lead(5, 7);
    log.append(5, 2);
    EXPECT_EQ(replica.end_offset_for(epoch(5), epoch(4), log).value(),
              (storage::epoch_end{epoch(3), at(10)}));
    EXPECT_EQ(replica.end_offset_for(epoch(4), epoch(3), log).error(),
              error_code::fenced_leader_epoch);
}

}  // namespace
}  // namespace verdikt::broker::replication
