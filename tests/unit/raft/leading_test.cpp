#include "tests/unit/raft/bench.h"

#include <gtest/gtest.h>

namespace verdikt::broker::raft {
namespace {

TEST(a_new_leader, begins_its_epoch_with_a_record_that_names_it_and_its_voters) {
    bench on;
    on.elect();
    const auto appended = on.all<append_log>();
    ASSERT_EQ(appended.size(), 2U);
    const batch& first = appended[0].batches[0];
    EXPECT_EQ(first.base, offset(0));
    EXPECT_EQ(first.epoch, leader_epoch(1));
    const auto& change = std::get<leader_change>(first.content);
    EXPECT_EQ(change.leader, self);
    EXPECT_EQ(change.granting, (std::vector<node_id>{self, one}));
    // The log said nothing of voters yet: from now on it does.
    EXPECT_EQ(std::get<voter_set>(appended[1].batches[0].content), voters_of({0, 1, 2}));
}

TEST(a_new_leader, makes_itself_known_to_all_voters) {
    bench on;
    on.elect();
    ASSERT_EQ(on.sent<begin_epoch_request>().size(), 2U);
    on.fetch_all(1);
    on.fire(timer::request);
    ASSERT_EQ(on.sent<begin_epoch_request>().size(), 2U) << "one fetched too long ago";
    on.fetch_all(1);
    on.pass(500ms);
    on.fetch_all(2);
    on.fire(timer::request);
    EXPECT_EQ(on.sent<begin_epoch_request>().size(), 1U) << "who fetches knows";
}

TEST(a_new_leader, does_not_count_records_of_earlier_epochs_on_their_own) {
    bench on(stored_replica{.state = {.epoch = leader_epoch(1)},
                            .log = log_of(voters_of({0, 1, 2}), {1, 1, 1})});
    on.elect();
    on.sync();
    on.fetch(1, 3, 1);
    EXPECT_EQ(on.core->high_watermark(), offset(0)) << "a majority has them, but not of this epoch";
    on.fetch(1, 4, 2);
    EXPECT_EQ(on.core->high_watermark(), offset(4));
}

TEST(a_new_leader, is_ready_once_its_own_record_is_committed_and_delivered) {
    bench on;
    on.elect();
    on.sync();
    EXPECT_FALSE(on.core->is_ready());
    on.fetch_all(1);
    ASSERT_TRUE(on.core->is_ready());
    const auto delivered = std::ranges::find_if(
        on.out, [](const effect& each) { return std::holds_alternative<commit_to>(each); });
    const auto ready = std::ranges::find_if(
        on.out, [](const effect& each) { return std::holds_alternative<leader_ready>(each); });
    EXPECT_LT(delivered, ready);
}

TEST(a_leader, takes_no_records_before_it_is_ready_or_for_another_epoch) {
    bench on;
    on.elect();
    effects out;
    EXPECT_EQ(on.core->append(leader_epoch(1), {{bytes_of(1)}}, on.at(), out).error(),
              error_code::not_leader_or_follower);
    bench ready;
    ready.lead();
    EXPECT_EQ(ready.core->append(leader_epoch(9), {{bytes_of(1)}}, ready.at(), out).error(),
              error_code::fenced_leader_epoch);
    EXPECT_TRUE(out.empty());
    EXPECT_EQ(ready.append(), offset(2));
}

TEST(a_leader, does_not_count_its_own_tail_before_it_is_synced) {
    bench on(stored_replica{.log = log_picture(voters_of({0, 1}))});
    on.lead();
    on.append();
    on.fetch_all(1);
    EXPECT_EQ(on.core->high_watermark(), offset(2)) << "only the other one has it safe";
    on.sync();
    EXPECT_EQ(on.core->high_watermark(), offset(3));
}

TEST(a_leader, commits_without_its_own_disk_when_all_others_have_it) {
    bench on;
    on.lead();
    on.append();
    on.fetch_all(1);
    on.fetch_all(2);
    EXPECT_EQ(on.core->synced(), offset(2));
    EXPECT_EQ(on.core->high_watermark(), offset(3));
}

TEST(a_leader, alone_in_its_quorum_commits_what_is_synced) {
    bench on(stored_replica{.log = log_picture(voters_of({0}))});
    on.persist();
    EXPECT_EQ(on.core->high_watermark(), offset(0));
    on.sync();
    EXPECT_EQ(on.core->high_watermark(), offset(2));
}

TEST(a_leader, syncs_everything_that_arrived_during_a_sync_with_one_more) {
    bench on;
    on.lead();
    on.append();
    EXPECT_TRUE(on.has<sync_log>());
    on.append();
    EXPECT_FALSE(on.has<sync_log>());
    on.append();
    on.sync();
    EXPECT_EQ(on.core->synced(), offset(3));
    ASSERT_TRUE(on.has<sync_log>());
    on.sync();
    EXPECT_EQ(on.core->synced(), offset(5));
}

TEST(a_leader, that_a_majority_does_not_fetch_from_resigns) {
    bench on;
    on.lead();
    on.fire(timer::check_quorum);
    EXPECT_EQ(on.core->role(), role::resigned);
    EXPECT_TRUE(on.has<leadership_lost>());
    EXPECT_EQ(on.sent<end_epoch_request>().size(), 2U);
}

TEST(a_leader, that_one_of_two_followers_fetches_from_stays) {
    bench on;
    on.lead();
    for (int round = 0; round < 10; ++round) {
        on.pass(1s);
        on.fetch_all(2);
    }
    on.fire(timer::check_quorum);
    EXPECT_EQ(on.core->role(), role::leader);
    on.pass(2900ms);
    on.fire(timer::check_quorum);
    EXPECT_EQ(on.core->role(), role::resigned) << "1.5 fetch timeouts are over";
}

TEST(a_leader, that_hears_of_a_later_epoch_gives_way) {
    bench on;
    on.lead();
    on.fetch(2, 2, 1);
    const ticket waiting = on.fetch(2, 2, 1, 400ms);
    on.receive(vote_request{.epoch = leader_epoch(8),
                            .candidate = key(2),
                            .voter = key(0),
                            .log = {leader_epoch(9), offset(0)}});
    EXPECT_EQ(on.core->role(), role::unattached);
    EXPECT_TRUE(on.has<leadership_lost>());
    EXPECT_EQ(on.reply_to<fetch_answer>(waiting).at,
              (standing{error_code::not_leader_or_follower, leader_epoch(1), std::nullopt}));
    EXPECT_EQ(on.all<reply>().size(), 1U) << "the vote is not safe yet";
    on.persist();
    EXPECT_EQ(on.all<reply>().size(), 1U);
}

TEST(a_leader, that_resigns_names_the_farthest_follower_first) {
    bench on;
    on.lead();
    on.append();
    on.fetch_all(2);
    on.step([&](replica& told) { told.resign(on.at(), on.out); });
    const auto farewell = on.sent<end_epoch_request>();
    ASSERT_EQ(farewell.size(), 2U);
    EXPECT_EQ(farewell[0].second.successors, (std::vector<replica_key>{key(2), key(1)}));
    on.fire(timer::request);
    EXPECT_EQ(on.sent<end_epoch_request>().size(), 2U) << "until they have heard it";
}

TEST(a_successor, stands_at_once_and_the_second_one_later) {
    for (const int place : {0, 1}) {
        bench on;
        on.follow(1, one);
        on.told({});
        const std::vector<replica_key> order =
            place == 0 ? std::vector{key(0), key(2)} : std::vector{key(2), key(0)};
        const ticket asked = on.receive(end_epoch_request{leader_epoch(1), one, order});
        EXPECT_EQ(on.reply_to<end_epoch_answer>(asked).at.error, error_code::none);
        EXPECT_EQ(on.core->role(), role::unattached);
        duration armed = -1s;
        for (const arm_timer& each : on.all<arm_timer>())
            if (each.which == timer::election) armed = each.after;
        EXPECT_EQ(armed, place == 0 ? duration(0) : duration(500ms));
    }
}

TEST(a_follower, does_not_return_to_a_leader_that_gave_its_epoch_up) {
    bench on;
    on.follow(1, one);
    on.receive(end_epoch_request{leader_epoch(1), one, {}});
    on.receive(begin_epoch_request{leader_epoch(1), one, key(0)});
    EXPECT_EQ(on.core->role(), role::unattached);
    on.follow(2, one);
    EXPECT_EQ(on.core->role(), role::follower);
}

TEST(a_new_epoch, of_a_second_leader_of_the_same_number_is_refused) {
    bench on;
    on.follow(1, one);
    const ticket asked = on.receive(begin_epoch_request{leader_epoch(1), two, key(0)});
    EXPECT_EQ(on.reply_to<begin_epoch_answer>(asked).at.error, error_code::invalid_request);
    EXPECT_EQ(on.core->leader(), one);
}

TEST(a_new_epoch, is_answered_only_when_it_is_durable) {
    bench on;
    const ticket asked = on.receive(begin_epoch_request{leader_epoch(1), one, key(0)});
    EXPECT_FALSE(on.has<reply>());
    EXPECT_FALSE(on.has<send>()) << "nor is anything fetched";
    on.persist();
    EXPECT_EQ(on.reply_to<begin_epoch_answer>(asked).at.error, error_code::none);
    EXPECT_EQ(on.sent<fetch_request>().size(), 1U);
}

TEST(a_description, tells_how_far_everybody_is_and_since_when) {
    bench on;
    on.lead();
    on.append();
    on.pass(100ms);
    on.fetch_all(1);
    on.fetch(7, 0, 0);
    const auto told = on.core->describe(on.at().now);
    ASSERT_TRUE(told.has_value());
    EXPECT_EQ(told->leader, self);
    ASSERT_EQ(told->voters.size(), 3U);
    EXPECT_EQ(told->voters[0].end, offset(3));
    EXPECT_EQ(told->voters[1].end, offset(3));
    EXPECT_EQ(told->voters[1].last_caught_up, on.at().now);
    EXPECT_FALSE(told->voters[2].last_fetch.has_value());
    ASSERT_EQ(told->observers.size(), 1U);
    EXPECT_EQ(told->observers[0].end, offset(0));
    EXPECT_FALSE(bench().core->describe(on.at().now).has_value());
}

}  // namespace
}  // namespace verdikt::broker::raft
