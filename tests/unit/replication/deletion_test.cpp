// DeleteRecords: what was deleted does not come back with another leader.
#include "tests/unit/replication/replication_bench.h"

namespace verdikt::broker::replication {
namespace {

class deletion_by_a_leader : public leader_bench {
  protected:
    /// All below 8 is gone here; `wait` is told when it is gone for good.
    void delete_below_8(std::uint64_t wait = 1) {
        log.raise_start(at(8));
        leader->await_deletion(ticket(wait), at(8), log, now, out);
        leader->check_invariants(log);
    }
    void follows_from(kafka::node_id who, std::int64_t log_start) {
        EXPECT_EQ(fetch(who, 10, 3, at(log_start)).error, error_code::none);
    }
};

TEST_F(deletion_by_a_leader, is_answered_once_nobody_in_sync_has_the_records) {
    lead();
    follows_from(n2, 0);
    follows_from(n3, 0);
    delete_below_8();
    EXPECT_FALSE(outcome_of_deletion(1).has_value());
    follows_from(n2, 8);
    EXPECT_FALSE(outcome_of_deletion(1).has_value()) << "broker 3 may be elected";
    follows_from(n3, 7);
    EXPECT_FALSE(outcome_of_deletion(1).has_value());
    follows_from(n3, 9);
    EXPECT_EQ(outcome_of_deletion(1), error_code::none);
    EXPECT_EQ(leader->waiting(), 0U);
}

TEST_F(deletion_by_a_leader, waits_for_one_in_sync_that_has_not_fetched_yet) {
    lead();
    follows_from(n2, 8);
    delete_below_8();
    EXPECT_FALSE(outcome_of_deletion(1).has_value());
}

TEST_F(deletion_by_a_leader, does_not_wait_for_who_is_not_in_sync) {
    lead({n1, n2});
    brokers[n3].fenced = true;
    metadata(8, {n1, n2});
    delete_below_8();
    follows_from(n2, 8);
    EXPECT_EQ(outcome_of_deletion(1), error_code::none);
}

TEST_F(deletion_by_a_leader, is_answered_when_the_last_who_has_them_is_no_longer_in_sync) {
    lead();
    follows_from(n2, 8);
    follows_from(n3, 0);
    delete_below_8();
    brokers[n3].fenced = true;
    metadata(8, {n1, n2});
    EXPECT_EQ(outcome_of_deletion(1), error_code::none);
}

TEST_F(deletion_by_a_leader, is_not_answered_while_too_few_are_in_sync) {
    lead({n1});
    brokers[n2].fenced = brokers[n3].fenced = true;
    metadata(8, {n1});
    delete_below_8();
    EXPECT_FALSE(outcome_of_deletion(1).has_value()) << "brokers 2 and 3 may still be eligible";
}

TEST_F(deletion_by_a_leader, keeps_out_of_sync_who_still_has_the_records) {
    lead({n1, n2});
    log.raise_start(at(8));
    follows_from(n2, 8);
    follows_from(n3, 0);
    EXPECT_TRUE(proposals().empty());
    follows_from(n3, 8);
    ASSERT_EQ(proposals().size(), 1U);
    EXPECT_EQ(nodes_of(proposals()[0].isr), (nodes{n1, n2, n3}));
}

TEST_F(deletion_by_a_leader, is_news_to_each_follower_once) {
    lead();
    EXPECT_FALSE(fetch(n2, 10, 3, at(0)).log_start_is_news);
    log.raise_start(at(8));
    EXPECT_TRUE(fetch(n2, 10, 3, at(0)).log_start_is_news);
    EXPECT_FALSE(fetch(n2, 10, 3, at(0)).log_start_is_news) << "it would ask without end";
    EXPECT_FALSE(fetch(n3, 10, 3, at(8)).log_start_is_news) << "it has dropped them already";
}

TEST_F(deletion_by_a_leader, fails_with_6_when_it_resigns) {
    lead();
    delete_below_8();
    leader->resign(out);
    EXPECT_EQ(outcome_of_deletion(1), error_code::not_leader_or_follower);
    EXPECT_EQ(leader->waiting(), 0U);
}

TEST_F(deletion_by_a_leader, that_timed_out_is_not_answered_again) {
    lead();
    delete_below_8();
    leader->forget(ticket(1));
    follows_from(n2, 8);
    follows_from(n3, 8);
    EXPECT_FALSE(outcome_of_deletion(1).has_value());
}

}  // namespace
}  // namespace verdikt::broker::replication
