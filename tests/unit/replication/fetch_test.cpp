// Fetches of followers: which are served, and which of them count.
#include "tests/unit/replication/replication_bench.h"

namespace verdikt::broker::replication {
namespace {

using fetches_from_a_leader = leader_bench;

replica_fetch sample_fetch() {
    return {.replica = n2,
            .epoch = incarnation(20),
            .current_leader_epoch = epoch(5),
            .from = at(10),
            .last_fetched_epoch = epoch(3)};
}

TEST_F(fetches_from_a_leader, may_read_to_the_log_end_and_learn_the_high_watermark) {
    lead({n1, n2});
    append(3);
    const auto verdict = fetch(n2, 12, 5);
    EXPECT_EQ(verdict.error, error_code::none);
    EXPECT_FALSE(verdict.diverging.has_value());
    EXPECT_EQ(verdict.bound, at(13));
    EXPECT_EQ(verdict.high_watermark, at(12)) << "this fetch counts for its own answer";
    EXPECT_EQ(verdict.log_start, at(0));
}

TEST_F(fetches_from_a_leader, are_fenced_by_leader_epoch_both_ways) {
    lead();
    auto request = sample_fetch();
    request.current_leader_epoch = epoch(4);
    EXPECT_EQ(leader->fetch(request, log, now, out).error, error_code::fenced_leader_epoch);
    request.current_leader_epoch = epoch(6);
    EXPECT_EQ(leader->fetch(request, log, now, out).error, error_code::unknown_leader_epoch);
    request.current_leader_epoch = kafka::no_leader_epoch;
    EXPECT_EQ(leader->fetch(request, log, now, out).error, error_code::fenced_leader_epoch);
}

TEST_F(fetches_from_a_leader, of_a_dead_incarnation_are_refused) {
    lead({n1, n2});
    brokers[n2].epoch = incarnation(21);
    metadata(8, {n1, n2});
    append(1);
    auto request = sample_fetch();
    request.from = at(11);
    request.last_fetched_epoch = epoch(5);
    EXPECT_EQ(leader->fetch(request, log, now, out).error, error_code::stale_broker_epoch);
    EXPECT_EQ(high_watermark(), at(0));
}

TEST_F(fetches_from_a_leader, of_an_incarnation_yet_unknown_are_served_but_do_not_count) {
    lead({n1, n2});
    append(1);
    auto request = sample_fetch();
    request.epoch = incarnation(21);
    EXPECT_EQ(leader->fetch(request, log, now, out).error, error_code::none);
    EXPECT_EQ(high_watermark(), at(0));
    request.epoch = incarnation(20);
    EXPECT_EQ(leader->fetch(request, log, now, out).error, error_code::none);
    EXPECT_EQ(high_watermark(), at(10));
}

TEST_F(fetches_from_a_leader, of_a_replica_that_we_have_not_heard_of_are_put_off) {
    lead();
    auto request = sample_fetch();
    request.replica = kafka::node_id(4);
    EXPECT_EQ(leader->fetch(request, log, now, out).error, error_code::unknown_leader_epoch);
}

TEST_F(fetches_from_a_leader, are_told_where_their_epoch_ended_here_if_they_have_more_of_it) {
    lead({n1, n2});
    const auto verdict = fetch(n2, 11, 3);
    ASSERT_TRUE(verdict.diverging.has_value());
    EXPECT_EQ(*verdict.diverging, (storage::epoch_end{epoch(3), at(10)}));
}

TEST_F(fetches_from_a_leader, are_told_of_the_epoch_before_if_theirs_never_was_here) {
    lead({n1, n2});
    const auto verdict = fetch(n2, 8, 4);
    ASSERT_TRUE(verdict.diverging.has_value());
    EXPECT_EQ(*verdict.diverging, (storage::epoch_end{epoch(3), at(10)}));
}

TEST_F(fetches_from_a_leader, that_diverge_do_not_count) {
    settings.min_insync_replicas = 1;
    lead({n1, n2});
    append(2);
    EXPECT_TRUE(fetch(n2, 12, 4).diverging.has_value());
    EXPECT_EQ(high_watermark(), at(0));
    follows(n2, 9);
    EXPECT_EQ(high_watermark(), at(9));
}

TEST_F(fetches_from_a_leader, out_of_its_bounds_are_told_so_and_do_not_count) {
    lead({n1, n2});
    log.raise_start(at(5));
    EXPECT_EQ(fetch(n2, 4, -1).error, error_code::offset_out_of_range);
    EXPECT_EQ(fetch(n2, 11, -1).error, error_code::offset_out_of_range);
    EXPECT_EQ(high_watermark(), at(0));
    EXPECT_EQ(fetch(n2, 5, -1).error, error_code::none) << "an empty log agrees with any";
}

}  // namespace
}  // namespace verdikt::broker::replication
