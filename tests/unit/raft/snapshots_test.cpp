#include "tests/unit/raft/bench.h"

#include <gtest/gtest.h>

namespace verdikt::broker::raft {
namespace {

constexpr snapshot_id at_four{leader_epoch(1), offset(4)};
constexpr snapshot_id at_five{leader_epoch(1), offset(5)};

/// Leads epoch 1 with records at 2 to 7 committed, and snapshots at 4 and 5 taken.
bench leader_with_snapshots() {
    bench on;
    on.lead();
    on.append(6);
    on.sync();
    on.fetch_all(1);
    on.step([&](replica& told) { told.snapshot_taken({at_four, 300}, on.out); });
    on.step([&](replica& told) { told.snapshot_taken({at_five, 400}, on.out); });
    return on;
}

ticket fetch_snapshot(bench& on, snapshot_id which, std::int64_t position) {
    return on.receive(fetch_snapshot_request{
        .replica = key(2), .epoch = on.core->epoch(), .snapshot = which, .position = position});
}

/// Follows node 1 in epoch 3 with one record, and is told to begin with a snapshot.
bench lagging_follower() {
    bench on(stored_replica{.state = {.epoch = leader_epoch(2)},
                            .log = log_of(voters_of({0, 1, 2}), {1})});
    on.follow(3, one);
    on.answer(on.sent<fetch_request>()[0].first,
              fetch_answer{.at = {.epoch = leader_epoch(3), .leader = one},
                           .high_watermark = offset(90),
                           .snapshot = snapshot_id{leader_epoch(2), offset(50)}});
    return on;
}

fetch_snapshot_answer chunk(std::int64_t position, std::size_t size) {
    return {.at = {.epoch = leader_epoch(3), .leader = one},
            .snapshot = {leader_epoch(2), offset(50)},
            .size = 30,
            .position = position,
            .bytes = bytes_of(size)};
}

TEST(a_snapshot, may_be_taken_of_committed_records_only) {
    bench on;
    on.lead();
    on.append(2);
    EXPECT_TRUE(on.core->may_snapshot({leader_epoch(1), offset(2)}));
    EXPECT_FALSE(on.core->may_snapshot({leader_epoch(1), offset(3)}));
    EXPECT_FALSE(on.core->may_snapshot({leader_epoch(7), offset(2)})) << "not the epoch there";
}

TEST(a_snapshot, lets_go_of_the_records_before_the_one_before_it) {
    bench on = leader_with_snapshots();
    ASSERT_EQ(on.all<trim_log>().size(), 1U);
    EXPECT_EQ(on.all<trim_log>()[0].to, at_four);
    EXPECT_EQ(on.core->log().start(), at_four);
    EXPECT_FALSE(on.core->may_snapshot(at_five)) << "there is one";
}

TEST(a_leader, sends_a_follower_that_lags_behind_its_log_to_the_newest_snapshot) {
    bench on = leader_with_snapshots();
    const ticket lagging = on.fetch(2, 3, 1);
    EXPECT_EQ(on.reply_to<fetch_answer>(lagging).snapshot, at_five);
    EXPECT_FALSE(on.records(lagging).has_value());
    const ticket at_start = on.fetch(2, 4, 1);
    EXPECT_EQ(on.records(at_start), (log_range{offset(4), offset(8)}));
}

TEST(a_leader, sends_a_follower_whose_log_left_ours_before_it_starts_to_the_snapshot) {
    bench on = leader_with_snapshots();
    const ticket asked = on.fetch(2, 7, 0);
    EXPECT_EQ(on.reply_to<fetch_answer>(asked).snapshot, at_five);
}

TEST(a_leader, serves_pieces_of_the_snapshots_that_it_has) {
    bench on = leader_with_snapshots();
    const ticket newest = fetch_snapshot(on, at_five, 100);
    EXPECT_EQ(on.reply_to<fetch_snapshot_answer>(newest).size, 400);
    EXPECT_EQ(on.reply_to<fetch_snapshot_answer>(newest).position, 100);
    const ticket older = fetch_snapshot(on, at_four, 0);
    EXPECT_EQ(on.reply_to<fetch_snapshot_answer>(older).size, 300);
    const ticket gone = fetch_snapshot(on, {leader_epoch(1), offset(3)}, 0);
    EXPECT_EQ(on.reply_to<fetch_snapshot_answer>(gone).at.error, error_code::snapshot_not_found);
    const ticket beyond = fetch_snapshot(on, at_five, 400);
    EXPECT_EQ(on.reply_to<fetch_snapshot_answer>(beyond).at.error,
              error_code::position_out_of_range);
}

TEST(a_leader, takes_the_fetch_of_a_snapshot_for_a_sign_of_life) {
    bench on = leader_with_snapshots();
    on.pass(2900ms);
    fetch_snapshot(on, at_five, 0);
    on.pass(200ms);
    on.fire(timer::check_quorum);
    EXPECT_EQ(on.core->role(), role::leader);
}

TEST(a_lagging_follower, fetches_the_snapshot_piece_by_piece) {
    bench on = lagging_follower();
    ASSERT_EQ(on.sent<fetch_snapshot_request>().size(), 1U);
    EXPECT_EQ(on.sent<fetch_snapshot_request>()[0].second.position, 0);
    on.answer(on.sent<fetch_snapshot_request>()[0].first, chunk(0, 20));
    EXPECT_EQ(on.all<write_snapshot>()[0].position, 0);
    ASSERT_EQ(on.sent<fetch_snapshot_request>().size(), 1U);
    EXPECT_EQ(on.sent<fetch_snapshot_request>()[0].second.position, 20);
    on.answer(on.sent<fetch_snapshot_request>()[0].first, chunk(20, 10));
    EXPECT_EQ(on.all<install_snapshot>()[0].snapshot.size, 30);
}

TEST(a_lagging_follower, does_not_move_on_before_the_snapshot_is_in_place) {
    bench on = lagging_follower();
    on.answer(on.sent<fetch_snapshot_request>()[0].first, chunk(0, 30));
    EXPECT_FALSE(on.has<send>());
    EXPECT_EQ(on.core->log().end(), offset(1));
    on.step([&](replica& told) {
        told.snapshot_installed({leader_epoch(2), offset(50)}, voters_of({0, 1}), on.at(), on.out);
    });
    EXPECT_TRUE(on.has<load_snapshot>());
    EXPECT_EQ(on.core->log().start(), (log_position{leader_epoch(2), offset(50)}));
    EXPECT_EQ(on.core->high_watermark(), offset(50));
    EXPECT_EQ(on.core->log().voters(), voters_of({0, 1}));
    ASSERT_EQ(on.sent<fetch_request>().size(), 1U);
    EXPECT_EQ(on.sent<fetch_request>()[0].second.from, offset(50));
    EXPECT_EQ(on.sent<fetch_request>()[0].second.last_fetched_epoch, leader_epoch(2));
}

TEST(a_lagging_follower, does_not_stand_while_the_snapshot_is_put_in_place) {
    bench on = lagging_follower();
    on.answer(on.sent<fetch_snapshot_request>()[0].first, chunk(0, 30));
    on.fire(timer::fetch);
    EXPECT_EQ(on.core->role(), role::unattached);
    on.fire(timer::election);
    EXPECT_EQ(on.core->role(), role::unattached) << "who votes is in the snapshot";
    on.step([&](replica& told) {
        told.snapshot_installed({leader_epoch(2), offset(50)}, voters_of({0, 1}), on.at(), on.out);
    });
    on.fire(timer::election);
    EXPECT_EQ(on.core->role(), role::prospective);
}

TEST(a_lagging_follower, takes_no_piece_twice_or_out_of_turn) {
    bench on = lagging_follower();
    on.answer(on.sent<fetch_snapshot_request>()[0].first, chunk(10, 10));
    EXPECT_FALSE(on.has<write_snapshot>());
    on.fire(timer::request);
    EXPECT_EQ(on.sent<fetch_snapshot_request>()[0].second.position, 0);
}

TEST(a_lagging_follower, starts_over_when_its_leader_changes) {
    bench on = lagging_follower();
    on.answer(on.sent<fetch_snapshot_request>()[0].first, chunk(0, 20));
    on.receive(begin_epoch_request{leader_epoch(4), two, key(0)});
    EXPECT_TRUE(on.has<abandon_snapshot>());
    on.persist();
    EXPECT_EQ(on.sent<fetch_request>().size(), 1U);
}

TEST(a_lagging_follower, asks_anew_when_the_snapshot_is_gone) {
    bench on = lagging_follower();
    fetch_snapshot_answer gone = chunk(0, 0);
    gone.at.error = error_code::snapshot_not_found;
    on.answer(on.sent<fetch_snapshot_request>()[0].first, gone);
    EXPECT_EQ(on.sent<fetch_request>().size(), 1U);
}

TEST(a_restart, begins_with_the_newest_snapshot) {
    const snapshot_id id{leader_epoch(1), offset(2)};
    bench on(stored_replica{.state = {.epoch = leader_epoch(1)},
                            .log = log_of(voters_of({0, 1, 2}), {1, 1, 1}),
                            .snapshots = {{id, 10}}});
    EXPECT_EQ(on.all<load_snapshot>()[0].snapshot, id);
    EXPECT_EQ(on.core->high_watermark(), offset(2));
}

}  // namespace
}  // namespace verdikt::broker::raft
