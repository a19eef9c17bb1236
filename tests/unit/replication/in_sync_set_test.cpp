// Who is in sync: what each fate of a proposal proves.
#include "tests/unit/replication/replication_bench.h"

namespace verdikt::broker::replication {
namespace {

/// The set {1, 2} of partition epoch 7, and a proposal to add broker 3.
class proposal_to_expand : public leader_bench {
  protected:
    proposal_to_expand() {
        lead({n1, n2});
        append(2);
        follows(n2, 12);
        follows(n3, 12);
        EXPECT_EQ(proposals().size(), 1U);
    }

    [[nodiscard]] send_alter_partition last() const { return proposals().back(); }
    [[nodiscard]] const in_sync_set& in_sync() const { return leader->in_sync(); }
};

TEST_F(proposal_to_expand, names_epochs_and_the_incarnation_of_each_member) {
    EXPECT_EQ(last().leader_epoch, epoch(5));
    EXPECT_EQ(last().epoch, partition_epoch(7));
    EXPECT_EQ(last().isr,
              (std::vector<proposed_member>{
                  {n1, incarnation(10)}, {n2, incarnation(20)}, {n3, incarnation(30)}}));
    EXPECT_EQ(in_sync().committed(), (nodes{n1, n2}));
    EXPECT_EQ(in_sync().maximal(), (nodes{n1, n2, n3}));
}

TEST_F(proposal_to_expand, is_the_only_one_in_flight) {
    later(milliseconds(1'000));
    follows(n3, 12);
    metadata(7, {n1, n2});
    EXPECT_EQ(proposals().size(), 1U);
}

TEST_F(proposal_to_expand, once_confirmed_is_committed) {
    answered(last().number, alter_confirmed{epoch(5), partition_epoch(8), {n1, n2, n3}});
    EXPECT_EQ(in_sync().committed(), (nodes{n1, n2, n3}));
    EXPECT_EQ(in_sync().epoch(), partition_epoch(8));
    EXPECT_FALSE(in_sync().is_open());
}

TEST_F(proposal_to_expand, is_taken_back_when_the_replica_is_ineligible) {
    answered(last().number, alter_refused{error_code::ineligible_replica});
    EXPECT_EQ(in_sync().maximal(), (nodes{n1, n2}));
    EXPECT_FALSE(in_sync().is_open());
}

TEST_F(proposal_to_expand, is_taken_back_when_it_was_not_attempted) {
    answered(last().number, alter_refused{error_code::operation_not_attempted});
    EXPECT_EQ(in_sync().maximal(), (nodes{n1, n2}));
}

TEST_F(proposal_to_expand, that_was_taken_back_is_not_made_again_at_once) {
    answered(last().number, alter_refused{error_code::ineligible_replica});
    follows(n3, 12);
    EXPECT_EQ(proposals().size(), 1U);
    later(milliseconds(100));
    EXPECT_EQ(proposals().size(), 2U);
}

TEST_F(proposal_to_expand, stays_open_after_any_other_refusal_until_metadata_tells) {
    for (const error_code error : {error_code::invalid_update_version,
                                   error_code::fenced_leader_epoch,
                                   error_code::invalid_request,
                                   error_code::new_leader_elected,
                                   error_code::unknown_topic_id}) {
        SCOPED_TRACE(kafka::name(error));
        in_sync_set set(led_by_1(5, 7, {n1, n2}), proposal_number(0));
        set.propose({{n1, incarnation(10)}, {n2, incarnation(20)}, {n3, incarnation(30)}},
                    recovery_state::recovered);
        const auto sent = set.next_attempt(now);
        ASSERT_TRUE(sent.has_value());
        set.answered(sent->number, alter_refused{error}, now, milliseconds(100));
        EXPECT_TRUE(set.is_open());
        EXPECT_EQ(set.maximal(), (nodes{n1, n2, n3}));
        EXPECT_FALSE(set.next_attempt(now + seconds(60)).has_value()) << "it would fail again";
        set.apply(led_by_1(5, 8, {n1, n2}));
        EXPECT_EQ(set.maximal(), (nodes{n1, n2}));
        set.check_invariants();
    }
}

TEST_F(proposal_to_expand, is_sent_again_unchanged_when_its_answer_is_lost) {
    const send_alter_partition first = last();
    answered(first.number, alter_lost{});
    EXPECT_EQ(in_sync().maximal(), (nodes{n1, n2, n3}));
    EXPECT_EQ(proposals().size(), 1U) << "not at once";
    brokers[n2].shutting_down = true;
    metadata(7, {n1, n2});
    later(milliseconds(100));
    ASSERT_EQ(proposals().size(), 2U);
    EXPECT_EQ(last().number, first.number);
    EXPECT_EQ(last().isr, first.isr);
    EXPECT_EQ(last().epoch, first.epoch);
}

TEST_F(proposal_to_expand, is_sent_again_when_the_answer_proves_nothing) {
    for (const error_code error : {error_code::not_controller,
                                   error_code::stale_broker_epoch,
                                   error_code::request_timed_out,
                                   error_code::unknown_server_error}) {
        SCOPED_TRACE(kafka::name(error));
        const std::size_t before = proposals().size();
        answered(last().number, alter_refused{error});
        EXPECT_TRUE(in_sync().is_open());
        later(milliseconds(100));
        EXPECT_EQ(proposals().size(), before + 1);
    }
}

TEST_F(proposal_to_expand, leaves_a_doubt_when_a_lost_attempt_may_arrive_after_the_refusal) {
    answered(last().number, alter_lost{});
    later(milliseconds(100));
    answered(last().number, alter_refused{error_code::ineligible_replica});
    EXPECT_EQ(in_sync().doubtful(), nodes{n3});
    EXPECT_EQ(in_sync().maximal(), (nodes{n1, n2, n3}));
    brokers[n3].fenced = true;
    metadata(7, {n1, n2});
    later(milliseconds(100));
    EXPECT_EQ(nodes_of(last().isr), (nodes{n1, n2})) << "to move the partition epoch on";
    answered(last().number, alter_confirmed{epoch(5), partition_epoch(8), {n1, n2}});
    EXPECT_EQ(in_sync().maximal(), (nodes{n1, n2}));
}

TEST_F(proposal_to_expand, stays_in_doubt_if_the_controller_saw_nothing_to_change) {
    answered(last().number, alter_lost{});
    later(milliseconds(100));
    answered(last().number, alter_refused{error_code::ineligible_replica});
    brokers[n3].fenced = true;
    metadata(7, {n1, n2});
    later(milliseconds(100));
    answered(last().number, alter_confirmed{epoch(5), partition_epoch(7), {n1, n2}});
    EXPECT_EQ(in_sync().doubtful(), nodes{n3});
}

TEST_F(proposal_to_expand,
       an_answer_of_another_leader_epoch_or_of_an_older_partition_epoch_says_nothing) {
    answered(last().number, alter_confirmed{epoch(4), partition_epoch(9), {n1}});
    EXPECT_EQ(in_sync().committed(), (nodes{n1, n2}));
    later(milliseconds(100));
    answered(last().number, alter_confirmed{epoch(5), partition_epoch(6), {n1}});
    EXPECT_EQ(in_sync().committed(), (nodes{n1, n2}));
    EXPECT_EQ(in_sync().maximal(), (nodes{n1, n2, n3}));
}

TEST_F(proposal_to_expand, metadata_settles_it_and_its_late_answer_is_dropped) {
    const proposal_number number = last().number;
    metadata(8, {n1, n2, n3});
    EXPECT_EQ(in_sync().committed(), (nodes{n1, n2, n3}));
    EXPECT_FALSE(in_sync().is_open());
    later(seconds(31));
    ASSERT_TRUE(in_sync().is_open()) << "everybody lags by now";
    answered(number, alter_refused{error_code::ineligible_replica});
    EXPECT_TRUE(in_sync().is_open()) << "that was another proposal";
}

TEST_F(proposal_to_expand, metadata_of_an_older_partition_epoch_is_ignored) {
    answered(last().number, alter_confirmed{epoch(5), partition_epoch(8), {n1, n2, n3}});
    metadata(7, {n1, n2});
    EXPECT_EQ(in_sync().committed(), (nodes{n1, n2, n3}));
}

using members_in_sync = leader_bench;

TEST_F(members_in_sync, leave_after_the_lag_time_if_they_do_not_catch_up) {
    lead();
    append(2);
    follows(n2, 12);
    now += seconds(29);
    follows(n2, 12);
    append(1);
    later(seconds(1));
    EXPECT_TRUE(proposals().empty()) << "their time begins with the leadership";
    later(milliseconds(1));
    ASSERT_EQ(proposals().size(), 1U);
    EXPECT_EQ(nodes_of(proposals()[0].isr), (nodes{n1, n2}));
}

TEST_F(members_in_sync, keep_up_if_they_reach_what_was_there_at_their_last_fetch) {
    lead({n1, n2});
    for (int round = 0; round < 40; ++round) {
        append(1);
        follows(n2, 10 + round);
        later(seconds(1));
    }
    EXPECT_TRUE(proposals().empty()) << "one record behind a steady writer is not behind";
}

TEST_F(members_in_sync, are_joined_only_by_who_has_all_that_is_committed) {
    settings.min_insync_replicas = 1;
    // Who was in sync when the epoch began does not lag yet.
    lead();
    brokers[n2].fenced = brokers[n3].fenced = true;
    metadata(8, {n1});
    append(5);
    ASSERT_EQ(high_watermark(), at(15));
    brokers[n2].fenced = false;
    metadata(9, {n1});
    follows(n2, 14);
    EXPECT_TRUE(proposals().empty());
    follows(n2, 15);
    EXPECT_EQ(proposals().size(), 1U);
}

TEST_F(members_in_sync, that_left_because_they_lagged_do_not_join_before_they_are_heard_of_again) {
    lead();
    follows(n2, 10);
    follows(n3, 10);
    later(settings.replica_lag_time_max / 2);
    follows(n2, 10);
    later(settings.replica_lag_time_max / 2 + milliseconds(1));
    ASSERT_EQ(proposals().size(), 1U);
    EXPECT_EQ(nodes_of(proposals()[0].isr), (nodes{n1, n2}));
    answered(proposals()[0].number, alter_confirmed{epoch(5), partition_epoch(8), {n1, n2}});
    later(milliseconds(1));
    // It has all there is, but who knows whether it still lives?
    EXPECT_EQ(proposals().size(), 1U);
    follows(n3, 10);
    ASSERT_EQ(proposals().size(), 2U);
    EXPECT_EQ(nodes_of(proposals()[1].isr), (nodes{n1, n2, n3}));
}

TEST_F(members_in_sync, are_joined_only_by_who_has_reached_the_start_of_the_leader_epoch) {
    // As above: it does not lag yet.
    lead();
    metadata(8, {n1, n2});
    follows(n3, 9);
    EXPECT_EQ(high_watermark(), at(0));
    EXPECT_TRUE(proposals().empty())
        << "the predecessor may have committed up to 10 without us knowing";
    follows(n3, 10);
    EXPECT_EQ(proposals().size(), 1U);
}

TEST_F(members_in_sync, are_not_joined_by_who_is_fenced_or_shutting_down) {
    lead({n1, n2});
    brokers[n3].fenced = true;
    metadata(8, {n1, n2});
    follows(n3, 10);
    EXPECT_TRUE(proposals().empty());
    brokers[n3] = {.epoch = incarnation(30), .shutting_down = true};
    metadata(8, {n1, n2});
    follows(n3, 10);
    EXPECT_TRUE(proposals().empty());
}

TEST_F(members_in_sync, nobody_joins_a_recovering_leader_before_it_has_recovered) {
    settings.min_insync_replicas = 1;
    lead({n1}, recovery_state::recovering);
    ASSERT_EQ(proposals().size(), 1U);
    EXPECT_EQ(nodes_of(proposals()[0].isr), nodes{n1});
    EXPECT_EQ(proposals()[0].recovery, recovery_state::recovered);
    follows(n2, 10);
    answered(proposals()[0].number, alter_lost{});
    later(milliseconds(100));
    EXPECT_EQ(nodes_of(proposals().back().isr), nodes{n1});
    answered(proposals().back().number, alter_confirmed{epoch(5), partition_epoch(8), {n1}});
    EXPECT_EQ(nodes_of(proposals().back().isr), (nodes{n1, n2}));
}

}  // namespace
}  // namespace verdikt::broker::replication
