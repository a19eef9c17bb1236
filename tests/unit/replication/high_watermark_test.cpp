// What is committed, and who is told.
#include "tests/unit/replication/replication_bench.h"

namespace verdikt::broker::replication {
namespace {

using high_watermark_of_a_leader = leader_bench;

TEST_F(high_watermark_of_a_leader, waits_until_everybody_in_sync_has_fetched_from_this_leader) {
    lead();
    append(2);
    EXPECT_EQ(high_watermark(), at(0));
    follows(n2, 12);
    EXPECT_EQ(high_watermark(), at(0)) << "what broker 3 holds is unknown";
    follows(n3, 11);
    EXPECT_EQ(high_watermark(), at(11));
    follows(n3, 12);
    EXPECT_EQ(high_watermark(), at(12));
    ASSERT_EQ(only<advance_high_watermark>(out).size(), 2U);
    EXPECT_EQ(only<advance_high_watermark>(out).back().to, at(12));
}

TEST_F(high_watermark_of_a_leader, never_moves_back_when_a_late_fetch_names_a_lower_offset) {
    lead();
    append(2);
    follows(n2, 12);
    follows(n3, 12);
    follows(n3, 10);
    EXPECT_EQ(high_watermark(), at(12));
    append(1);
    follows(n2, 13);
    EXPECT_EQ(high_watermark(), at(12)) << "broker 3 said last that it ends at 10";
}

TEST_F(high_watermark_of_a_leader, counts_only_what_is_durable_here_in_durable_mode) {
    lead();
    log.write(5, 2);
    follows(n2, 12);
    follows(n3, 12);
    EXPECT_EQ(high_watermark(), at(10));
    log.sync();
    leader->log_moved(log, now, out);
    EXPECT_EQ(high_watermark(), at(12));
}

TEST_F(high_watermark_of_a_leader, counts_what_is_written_here_in_page_cache_mode) {
    settings.durable = false;
    lead();
    log.write(5, 2);
    follows(n2, 12);
    follows(n3, 12);
    EXPECT_EQ(high_watermark(), at(12));
}

TEST_F(high_watermark_of_a_leader, waits_for_a_replica_whose_joining_is_not_confirmed) {
    lead({n1, n2});
    append(2);
    follows(n2, 12);
    follows(n3, 12);
    ASSERT_EQ(proposals().size(), 1U);
    append(1);
    follows(n2, 13);
    later(seconds(31));
    follows(n2, 13);
    EXPECT_EQ(high_watermark(), at(12)) << "the controller may have elected broker 3 already";
}

TEST_F(high_watermark_of_a_leader, waits_for_a_replica_whose_removal_is_not_confirmed) {
    lead();
    append(2);
    follows(n2, 12);
    later(seconds(31));
    follows(n2, 12);
    ASSERT_FALSE(proposals().empty());
    EXPECT_TRUE(leader->in_sync().is_shrinking());
    EXPECT_EQ(high_watermark(), at(0));
    answered(proposals().back().number, alter_confirmed{epoch(5), partition_epoch(8), {n1, n2}});
    EXPECT_EQ(high_watermark(), at(12));
}

TEST_F(high_watermark_of_a_leader, waits_for_a_replica_that_keeps_up_and_is_about_to_join) {
    lead({n1, n2});
    brokers[n3].fenced = true;
    metadata(8, {n1, n2});
    append(2);
    follows(n3, 12);
    EXPECT_TRUE(proposals().empty());
    append(1);
    follows(n2, 13);
    EXPECT_EQ(high_watermark(), at(13)) << "one that is fenced cannot join";
    brokers[n3].fenced = false;
    metadata(9, {n1, n2});
    follows(n2, 13);
    follows(n3, 12);
    append(1);
    follows(n2, 14);
    EXPECT_EQ(high_watermark(), at(13)) << "moving on would keep broker 3 out for ever";
}

TEST_F(high_watermark_of_a_leader, stands_still_while_fewer_than_min_insync_replicas_are_in_sync) {
    lead({n1});
    brokers[n2].fenced = brokers[n3].fenced = true;
    append(2);
    later(seconds(1));
    EXPECT_EQ(high_watermark(), at(0));
    EXPECT_TRUE(leader->is_under_min_in_sync());
    metadata(8, {n1, n2});
    follows(n2, 12);
    EXPECT_EQ(high_watermark(), at(12));
}

TEST_F(high_watermark_of_a_leader, min_insync_replicas_asks_for_no_more_than_there_are_replicas) {
    settings.min_insync_replicas = 5;
    lead();
    EXPECT_EQ(leader->min_in_sync(), 3U);
}

TEST_F(high_watermark_of_a_leader, forgets_what_an_earlier_incarnation_of_a_follower_held) {
    lead();
    append(2);
    follows(n3, 12);
    brokers[n3].epoch = incarnation(31);
    metadata(8, {n1, n2, n3});
    follows(n2, 12);
    EXPECT_EQ(high_watermark(), at(0)) << "broker 3 restarted and may have lost its tail";
    follows(n3, 11);
    EXPECT_EQ(high_watermark(), at(11));
}

using waits_of_a_leader = leader_bench;

TEST_F(waits_of_a_leader, are_answered_once_committed_and_in_no_case_before) {
    lead();
    append(2);
    leader->await_commit(ticket(1), at(11), out);
    leader->await_commit(ticket(2), at(12), out);
    follows(n2, 12);
    follows(n3, 11);
    EXPECT_EQ(outcome_of(1), error_code::none);
    EXPECT_FALSE(outcome_of(2).has_value());
    follows(n3, 12);
    EXPECT_EQ(outcome_of(2), error_code::none);
    EXPECT_EQ(leader->waiting(), 0U);
}

TEST_F(waits_of_a_leader, the_high_watermark_moves_before_anybody_is_told) {
    lead();
    append(1);
    leader->await_commit(ticket(1), at(11), out);
    follows(n2, 11);
    out.clear();
    follows(n3, 11);
    ASSERT_EQ(out.size(), 2U);
    EXPECT_TRUE(std::holds_alternative<advance_high_watermark>(out[0]));
    EXPECT_TRUE(std::holds_alternative<answer_produce>(out[1]));
}

TEST_F(waits_of_a_leader, say_so_when_it_is_committed_but_too_few_are_left_in_sync) {
    lead();
    append(1);
    follows(n2, 11);
    follows(n3, 11);
    metadata(8, {n1});
    leader->await_commit(ticket(1), at(11), out);
    EXPECT_EQ(outcome_of(1), error_code::not_enough_replicas_after_append);
}

TEST_F(waits_of_a_leader, fail_with_6_when_it_resigns) {
    lead();
    append(1);
    leader->await_commit(ticket(1), at(11), out);
    leader->resign(out);
    EXPECT_EQ(outcome_of(1), error_code::not_leader_or_follower);
    EXPECT_EQ(leader->waiting(), 0U);
}

TEST_F(waits_of_a_leader, that_timed_out_are_not_answered_again) {
    lead();
    append(1);
    leader->await_commit(ticket(1), at(11), out);
    leader->await_commit(ticket(2), at(11), out);
    leader->forget(ticket(1));
    leader->forget(ticket(1));
    follows(n2, 11);
    follows(n3, 11);
    EXPECT_FALSE(outcome_of(1).has_value());
    EXPECT_EQ(outcome_of(2), error_code::none);
}

using appends_to_a_leader = leader_bench;

TEST_F(appends_to_a_leader, are_refused_before_the_epoch_is_known_to_the_log) {
    leader.emplace(n1, settings, led_by_1(5, 7, {n1, n2}), brokers, hint, proposal_number(0), now);
    EXPECT_EQ(leader->admit_produce(required_acks::leader, now),
              error_code::not_leader_or_follower);
}

TEST_F(appends_to_a_leader, with_acks_all_are_refused_while_too_few_are_in_sync) {
    lead({n1});
    EXPECT_EQ(leader->admit_produce(required_acks::all, now), error_code::not_enough_replicas);
    EXPECT_EQ(leader->admit_produce(required_acks::leader, now), error_code::none);
    metadata(8, {n1, n2});
    EXPECT_EQ(leader->admit_produce(required_acks::all, now), error_code::none);
}

TEST_F(appends_to_a_leader, an_unconfirmed_member_is_none_of_those_in_sync) {
    lead({n1});
    append(1);
    follows(n2, 11);
    EXPECT_EQ(leader->in_sync().maximal(), (nodes{n1, n2}));
    EXPECT_EQ(leader->admit_produce(required_acks::all, now), error_code::not_enough_replicas);
    EXPECT_EQ(high_watermark(), at(0));
}

TEST_F(appends_to_a_leader, are_refused_while_cut_off_from_the_controller_and_from_followers) {
    lead();
    leader->controller_reachable(false);
    EXPECT_EQ(leader->admit_produce(required_acks::all, now), error_code::none)
        << "while all in sync follow, nobody else leads";
    now += seconds(31);
    EXPECT_EQ(leader->admit_produce(required_acks::all, now), error_code::not_leader_or_follower);
    EXPECT_EQ(leader->admit_produce(required_acks::leader, now),
              error_code::not_leader_or_follower);
    leader->controller_reachable(true);
    EXPECT_EQ(leader->admit_produce(required_acks::all, now), error_code::none);
}

}  // namespace
}  // namespace verdikt::broker::replication
