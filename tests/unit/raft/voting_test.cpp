#include "tests/unit/raft/bench.h"

#include <gtest/gtest.h>

namespace verdikt::broker::raft {
namespace {

vote_request vote_for(node_id candidate, int epoch, log_position log = {}) {
    return {
        .epoch = leader_epoch(epoch), .candidate = {candidate, {}}, .voter = key(0), .log = log};
}

vote_request pre_vote_for(node_id candidate, int epoch, log_position log = {}) {
    vote_request asked = vote_for(candidate, epoch, log);
    asked.pre_vote = true;
    return asked;
}

TEST(a_voter, answers_only_when_its_vote_is_durable) {
    bench on;
    const ticket asked = on.receive(vote_for(one, 1));
    ASSERT_EQ(on.all<persist_state>().size(), 1U);
    EXPECT_EQ(on.all<persist_state>()[0].state.voted, key(1));
    EXPECT_FALSE(on.replied<vote_answer>(asked).has_value());
    on.persist();
    EXPECT_TRUE(on.reply_to<vote_answer>(asked).granted);
}

TEST(a_voter, refuses_only_when_the_later_epoch_is_durable) {
    bench on(stored_replica{.log = log_of(voters_of({0, 1, 2}), {1, 1})});
    const ticket asked = on.receive(vote_for(one, 5));
    EXPECT_FALSE(on.has<reply>());
    on.persist();
    EXPECT_FALSE(on.reply_to<vote_answer>(asked).granted);
    EXPECT_EQ(on.reply_to<vote_answer>(asked).at.epoch, leader_epoch(5));
}

TEST(a_voter, gives_one_vote_an_epoch) {
    bench on;
    on.receive(vote_for(one, 1));
    on.persist();
    const ticket second = on.receive(vote_for(two, 1));
    EXPECT_FALSE(on.reply_to<vote_answer>(second).granted);
    const ticket repeated = on.receive(vote_for(one, 1));
    EXPECT_TRUE(on.reply_to<vote_answer>(repeated).granted);
}

TEST(a_voter, remembers_its_vote_after_a_restart) {
    bench on(stored_replica{.state = {.epoch = leader_epoch(4), .voted = key(1)},
                            .log = log_picture(voters_of({0, 1, 2}))});
    const ticket asked = on.receive(vote_for(two, 4));
    EXPECT_FALSE(on.reply_to<vote_answer>(asked).granted);
}

TEST(a_voter, gives_no_vote_in_an_epoch_that_has_a_leader) {
    bench on;
    on.follow(3, one);
    const ticket asked = on.receive(vote_for(two, 3, {leader_epoch(9), offset(9)}));
    EXPECT_FALSE(on.reply_to<vote_answer>(asked).granted);
}

TEST(a_voter, refuses_a_candidate_whose_last_epoch_is_behind_its_own) {
    bench on(stored_replica{.log = log_of(voters_of({0, 1, 2}), {1, 2})});
    const ticket asked = on.receive(vote_for(one, 7, {leader_epoch(1), offset(50)}));
    on.persist();
    EXPECT_FALSE(on.reply_to<vote_answer>(asked).granted);
}

TEST(a_voter, refuses_a_candidate_whose_log_of_the_same_epoch_is_shorter) {
    bench on(stored_replica{.log = log_of(voters_of({0, 1, 2}), {2, 2})});
    const ticket shorter = on.receive(vote_for(one, 7, {leader_epoch(2), offset(1)}));
    on.persist();
    EXPECT_FALSE(on.reply_to<vote_answer>(shorter).granted);
    const ticket equal = on.receive(vote_for(two, 7, {leader_epoch(2), offset(2)}));
    on.persist();
    EXPECT_TRUE(on.reply_to<vote_answer>(equal).granted);
}

TEST(a_voter, fences_a_candidate_of_an_earlier_epoch) {
    bench on(stored_replica{.state = {.epoch = leader_epoch(5)},
                            .log = log_picture(voters_of({0, 1, 2}))});
    const ticket asked = on.receive(vote_for(one, 4));
    EXPECT_EQ(on.reply_to<vote_answer>(asked).at.error, error_code::fenced_leader_epoch);
}

TEST(a_voter, does_not_vote_for_a_node_that_means_another_disk) {
    bench on;
    vote_request asked = vote_for(one, 1);
    asked.voter.directory.bytes[0] = std::byte{9};
    const ticket from = on.receive(asked);
    EXPECT_EQ(on.reply_to<vote_answer>(from).at.error, error_code::invalid_voter_key);
    EXPECT_FALSE(on.has<persist_state>());
}

TEST(a_broker, is_not_asked_for_votes) {
    bench on({.log = log_picture(voters_of({1, 2}))}, {.self = key(0), .may_vote = false});
    const ticket from = on.receive(vote_for(one, 1));
    EXPECT_EQ(on.reply_to<vote_answer>(from).at.error, error_code::inconsistent_voter_set);
}

TEST(a_pre_vote, costs_nobody_a_vote) {
    bench on;
    const ticket asked = on.receive(pre_vote_for(one, 0));
    EXPECT_TRUE(on.reply_to<vote_answer>(asked).granted);
    EXPECT_FALSE(on.has<persist_state>());
    EXPECT_FALSE(on.core->state().voted.has_value());
}

TEST(a_pre_vote, is_refused_by_a_follower_that_hears_its_leader) {
    bench on;
    on.follow(1, one);
    const ticket before = on.receive(pre_vote_for(two, 1));
    EXPECT_TRUE(on.reply_to<vote_answer>(before).granted) << "it has not heard the leader yet";
    on.told({});
    const ticket after = on.receive(pre_vote_for(two, 1));
    EXPECT_FALSE(on.reply_to<vote_answer>(after).granted);
    EXPECT_EQ(on.reply_to<vote_answer>(after).at.leader, one);
}

TEST(a_pre_vote, is_refused_by_the_leader) {
    bench on;
    on.lead();
    const ticket asked = on.receive(pre_vote_for(two, 1, on.core->log().last()));
    EXPECT_FALSE(on.reply_to<vote_answer>(asked).granted);
}

TEST(a_pre_vote, is_refused_to_a_log_that_is_behind) {
    bench on(stored_replica{.log = log_of(voters_of({0, 1, 2}), {1, 1})});
    on.persist();
    const ticket asked = on.receive(pre_vote_for(one, 1, {leader_epoch(1), offset(1)}));
    EXPECT_FALSE(on.reply_to<vote_answer>(asked).granted);
}

TEST(a_node_without_a_leader, asks_before_it_starts_an_epoch) {
    bench on;
    on.fire(timer::election);
    EXPECT_EQ(on.core->role(), role::prospective);
    EXPECT_EQ(on.core->epoch(), epoch_before_all);
    ASSERT_EQ(on.sent<vote_request>().size(), 2U);
    EXPECT_TRUE(on.sent<vote_request>()[0].second.pre_vote);
    EXPECT_FALSE(on.has<persist_state>());
}

TEST(a_node_without_a_leader, starts_no_epoch_when_a_majority_would_refuse) {
    bench on;
    on.fire(timer::election);
    for (const auto& [asked, what] : on.sent<vote_request>())
        on.answer(asked, vote_answer{{.epoch = on.core->epoch()}, false});
    EXPECT_EQ(on.core->role(), role::unattached);
    EXPECT_EQ(on.core->epoch(), epoch_before_all);
}

TEST(a_prospective, follows_the_leader_that_a_refusal_names) {
    bench on(stored_replica{.state = {.epoch = leader_epoch(3)},
                            .log = log_picture(voters_of({0, 1, 2}))});
    on.fire(timer::election);
    const auto asked = on.sent<vote_request>();
    on.answer(asked[0].first, vote_answer{{.epoch = leader_epoch(3), .leader = two}, false});
    EXPECT_EQ(on.core->role(), role::follower);
    EXPECT_EQ(on.core->leader(), two);
}

// Seed 66: two followers of a leader that had crashed told each other about it for ever.
TEST(a_follower, does_not_name_a_leader_that_it_has_not_heard) {
    bench on;
    on.follow(1, one);
    const ticket asked = on.receive(pre_vote_for(two, 1));
    EXPECT_EQ(on.reply_to<vote_answer>(asked).at.leader, std::nullopt);
    on.told({});
    const ticket again = on.receive(pre_vote_for(two, 1));
    EXPECT_EQ(on.reply_to<vote_answer>(again).at.leader, one);
}

TEST(a_candidate, asks_for_votes_only_when_its_own_is_durable) {
    bench on;
    on.fire(timer::election);
    on.answer(on.sent<vote_request>()[0].first, vote_answer{{.epoch = epoch_before_all}, true});
    EXPECT_EQ(on.core->role(), role::candidate);
    EXPECT_EQ(on.core->epoch(), leader_epoch(1));
    EXPECT_FALSE(on.has<send>());
    on.persist();
    EXPECT_EQ(on.sent<vote_request>().size(), 2U);
    EXPECT_FALSE(on.sent<vote_request>()[0].second.pre_vote);
}

TEST(a_candidate, alone_in_its_quorum_leads_only_when_its_vote_is_durable) {
    bench on(stored_replica{.log = log_picture(voters_of({0}))});
    EXPECT_EQ(on.core->role(), role::candidate) << "there was nobody to wait for";
    EXPECT_FALSE(on.has<append_log>());
    on.persist();
    EXPECT_EQ(on.core->role(), role::leader);
}

TEST(a_candidate, is_not_elected_by_late_answers_to_its_pre_vote) {
    bench on(stored_replica{.log = log_picture(voters_of({0, 1, 2, 3, 4}))});
    on.fire(timer::election);
    const auto asked = on.sent<vote_request>();
    on.answer(asked[0].first, vote_answer{{.epoch = epoch_before_all}, true});
    on.answer(asked[1].first, vote_answer{{.epoch = epoch_before_all}, true});
    ASSERT_EQ(on.core->role(), role::candidate);
    on.persist();
    on.answer(asked[2].first, vote_answer{{.epoch = leader_epoch(1)}, true});
    on.answer(asked[3].first, vote_answer{{.epoch = leader_epoch(1)}, true});
    EXPECT_EQ(on.core->role(), role::candidate);
}

TEST(a_candidate, that_loses_waits_for_a_random_while_and_asks_first_again) {
    bench on;
    on.fire(timer::election);
    on.answer(on.sent<vote_request>()[0].first, vote_answer{{.epoch = epoch_before_all}, true});
    on.persist();
    on.chance = 123'456'789;
    for (const auto& [asked, what] : on.sent<vote_request>())
        on.answer(asked, vote_answer{{.epoch = leader_epoch(1)}, false});
    EXPECT_EQ(on.all<arm_timer>().back().after, duration(123'456'789));
    on.fire(timer::election);
    EXPECT_EQ(on.core->role(), role::prospective);
    EXPECT_EQ(on.core->epoch(), leader_epoch(1));
}

TEST(an_election_timeout, is_drawn_between_one_and_two_times_the_setting) {
    for (const std::uint64_t chance : {std::uint64_t{0}, UINT64_MAX / 3, UINT64_MAX}) {
        bench on;
        on.chance = chance;
        on.receive(vote_for(one, 1));
        const duration armed = on.all<arm_timer>().back().after;
        EXPECT_GE(armed, 1s);
        EXPECT_LT(armed, 2s);
    }
}

TEST(a_restarted_leader, does_not_lead_its_epoch_on) {
    bench on(stored_replica{.state = {.epoch = leader_epoch(2), .leader = self, .voted = key(0)},
                            .log = log_of(voters_of({0, 1, 2}), {2})});
    EXPECT_EQ(on.core->role(), role::unattached);
    EXPECT_EQ(on.core->leader(), std::nullopt);
    on.elect();
    EXPECT_EQ(on.core->epoch(), leader_epoch(3));
}

TEST(a_restarted_replica, whose_log_is_ahead_of_its_state_takes_the_epoch_of_the_log) {
    bench on(stored_replica{.state = {.epoch = leader_epoch(2)},
                            .log = log_of(voters_of({0, 1, 2}), {2, 4})});
    EXPECT_EQ(on.core->epoch(), leader_epoch(4));
    EXPECT_FALSE(on.has<send>());
    on.persist();
}

TEST(an_observer, never_stands_for_election) {
    bench on(stored_replica{.log = log_picture(voters_of({1, 2, 3}))});
    EXPECT_FALSE(on.is_armed(timer::election));
    on.follow(1, one);
    on.fire(timer::fetch);
    EXPECT_EQ(on.core->role(), role::unattached);
    EXPECT_FALSE(on.is_armed(timer::election));
}

}  // namespace
}  // namespace verdikt::broker::raft
