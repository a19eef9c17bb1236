#include "tests/unit/raft/bench.h"

#include <gtest/gtest.h>

namespace verdikt::broker::raft {
namespace {

fetch_answer diverging_at(int epoch, std::int64_t end) {
    return {.at = {.epoch = leader_epoch(9), .leader = one},
            .high_watermark = offset(100),
            .diverging = log_position{leader_epoch(epoch), offset(end)}};
}

/// Follows node 1 in epoch 9.
bench follower_with(const std::vector<int>& epochs) {
    bench on(stored_replica{.state = {.epoch = leader_epoch(8)},
                            .log = log_of(voters_of({0, 1, 2}), epochs)});
    on.receive(begin_epoch_request{leader_epoch(9), one, key(0)});
    on.persist();
    return on;
}

TEST(a_follower, asks_for_what_follows_its_log_and_says_how_that_ends) {
    bench on = follower_with({1, 3});
    const auto asked = on.sent<fetch_request>();
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].first.to, one);
    EXPECT_EQ(asked[0].second.from, offset(2));
    EXPECT_EQ(asked[0].second.last_fetched_epoch, leader_epoch(3));
    EXPECT_EQ(asked[0].second.epoch, leader_epoch(9));
}

TEST(a_follower, fetches_again_only_when_what_it_took_is_durable) {
    bench on = follower_with({});
    on.told({batch_at(0, 9), batch_at(1, 9)});
    EXPECT_EQ(on.all<append_log>().size(), 1U);
    ASSERT_EQ(on.all<sync_log>().size(), 1U);
    EXPECT_TRUE(on.all<sync_log>()[0].durable);
    EXPECT_FALSE(on.has<send>());
    on.sync();
    ASSERT_EQ(on.sent<fetch_request>().size(), 1U);
    EXPECT_EQ(on.sent<fetch_request>()[0].second.from, offset(2));
}

TEST(a_controller_that_observes, syncs_too_since_it_may_be_a_voter_already) {
    bench on(stored_replica{.log = log_picture(voters_of({1, 2}))});
    on.follow(1, one);
    on.told({batch_at(0, 1)});
    EXPECT_TRUE(on.all<sync_log>()[0].durable);
    EXPECT_FALSE(on.has<send>());
}

TEST(a_broker, need_not_sync_what_it_follows) {
    bench on({.log = log_picture(voters_of({1, 2}))}, {.self = key(0), .may_vote = false});
    on.follow(1, one);
    on.told({batch_at(0, 1)});
    EXPECT_FALSE(on.all<sync_log>()[0].durable);
}

TEST(a_follower, delivers_what_is_committed_and_here) {
    bench on = follower_with({});
    on.told({batch_at(0, 9), batch_at(1, 9)}, 1);
    EXPECT_EQ(on.all<commit_to>()[0].to, offset(1));
    on.sync();
    on.told({}, 77);
    EXPECT_EQ(on.all<commit_to>()[0].to, offset(2));
    EXPECT_EQ(on.core->high_watermark(), offset(2));
}

TEST(a_follower, cuts_its_log_where_the_leaders_epoch_ends) {
    bench on = follower_with({1, 1, 1, 1});
    on.answer(on.sent<fetch_request>()[0].first, diverging_at(1, 2));
    EXPECT_EQ(on.all<truncate_log>()[0].to, offset(2));
    EXPECT_EQ(on.sent<fetch_request>()[0].second.from, offset(2));
}

TEST(a_follower, cuts_its_log_where_its_own_epoch_ended_if_that_was_earlier) {
    bench on = follower_with({1, 1, 2, 2});
    on.answer(on.sent<fetch_request>()[0].first, diverging_at(1, 3));
    EXPECT_EQ(on.all<truncate_log>()[0].to, offset(2));
}

TEST(a_follower, of_an_epoch_that_it_lacks_cuts_back_to_the_one_before_and_asks_again) {
    bench on = follower_with({1, 2, 4, 4});
    on.answer(on.sent<fetch_request>()[0].first, diverging_at(3, 8));
    EXPECT_EQ(on.all<truncate_log>()[0].to, offset(2));
    ASSERT_EQ(on.sent<fetch_request>().size(), 1U);
    EXPECT_EQ(on.sent<fetch_request>()[0].second.last_fetched_epoch, leader_epoch(2));
}

TEST(a_follower, that_diverges_believes_nothing_of_the_high_watermark) {
    bench on = follower_with({1, 1, 1, 1});
    on.answer(on.sent<fetch_request>()[0].first, diverging_at(1, 2));
    EXPECT_EQ(on.core->high_watermark(), offset(0));
    EXPECT_FALSE(on.has<commit_to>());
}

TEST(a_follower, never_cuts_what_is_committed) {
    bench on = follower_with({});
    on.told({batch_at(0, 9), batch_at(1, 9)}, 2);
    on.sync();
    EXPECT_DEATH(on.answer(on.sent<fetch_request>()[0].first, diverging_at(9, 1)),
                 "lacks what is committed");
}

TEST(a_follower, takes_nothing_that_does_not_continue_its_log) {
    for (const batch& wrong : {batch_at(1, 9), batch_at(0, 10), batch_at(0, 0)}) {
        bench on = follower_with({});
        on.told({wrong});
        EXPECT_FALSE(on.has<append_log>());
        EXPECT_EQ(on.core->log().end(), offset(0));
        EXPECT_TRUE(on.is_armed(timer::request)) << "it asks again a little later";
    }
}

TEST(a_follower, takes_an_answer_once) {
    bench on = follower_with({});
    const send asked = on.sent<fetch_request>()[0].first;
    const fetch_answer records{.at = {.epoch = leader_epoch(9), .leader = one},
                               .batches = {batch_at(0, 9)}};
    on.answer(asked, records);
    on.sync();
    on.answer(asked, records);
    EXPECT_TRUE(on.out.empty());
    EXPECT_EQ(on.core->log().end(), offset(1));
}

TEST(a_follower, takes_no_answer_of_its_leader_of_before) {
    bench on = follower_with({});
    const send asked = on.sent<fetch_request>()[0].first;
    on.follow(10, two);
    on.answer(
        asked,
        fetch_answer{.at = {.epoch = leader_epoch(9), .leader = one}, .batches = {batch_at(0, 9)}});
    EXPECT_EQ(on.core->log().end(), offset(0));
}

TEST(a_follower, sends_a_fetch_that_is_not_answered_again) {
    bench on = follower_with({});
    const send first = on.sent<fetch_request>()[0].first;
    on.fire(timer::request);
    ASSERT_EQ(on.sent<fetch_request>().size(), 1U);
    EXPECT_NE(on.sent<fetch_request>()[0].first.id, first.id);
    const send second = on.sent<fetch_request>()[0].first;
    on.step([&](replica& told) { told.unanswered(second.id, on.at(), on.out); });
    EXPECT_FALSE(on.has<send>()) << "not at once";
    on.fire(timer::request);
    EXPECT_EQ(on.sent<fetch_request>().size(), 1U);
}

TEST(a_follower, whose_leader_is_silent_asks_whether_it_would_be_elected) {
    bench on = follower_with({});
    on.told({});
    on.fire(timer::fetch);
    EXPECT_EQ(on.core->role(), role::prospective);
    EXPECT_EQ(on.core->epoch(), leader_epoch(9));
}

TEST(a_follower, whose_leaders_process_has_ended_hardly_waits) {
    bench on = follower_with({});
    on.told({});
    on.step([&](replica& told) { told.process_ended(one, on.at(), on.out); });
    ASSERT_EQ(on.all<arm_timer>().size(), 1U);
    EXPECT_LE(on.all<arm_timer>()[0].after, 100ms);
    on.step([&](replica& told) { told.process_ended(one, on.at(), on.out); });
    EXPECT_TRUE(on.out.empty()) << "hearing it again and again must not put it off";
    on.fire(timer::fetch);
    EXPECT_EQ(on.core->role(), role::prospective);
}

TEST(a_follower, whose_leader_is_heard_of_again_waits_as_ever) {
    bench on = follower_with({});
    on.told({});
    on.step([&](replica& told) { told.process_ended(one, on.at(), on.out); });
    on.told({});
    EXPECT_EQ(on.all<arm_timer>()[0].after, bench::default_settings().fetch_timeout);
    on.step([&](replica& told) { told.process_ended(two, on.at(), on.out); });
    EXPECT_TRUE(on.out.empty()) << "that one does not lead";
}

TEST(a_follower, whose_leaders_process_has_ended_does_not_stand_in_the_way_of_another) {
    bench on = follower_with({});
    on.told({});
    const vote_request asks{.epoch = leader_epoch(9),
                            .candidate = key(2),
                            .voter = key(0),
                            .log = on.core->log().last(),
                            .pre_vote = true};
    on.receive(asks);
    EXPECT_FALSE(std::get<vote_answer>(on.all<reply>()[0].what).granted);
    on.step([&](replica& told) { told.process_ended(one, on.at(), on.out); });
    on.receive(asks);
    EXPECT_TRUE(std::get<vote_answer>(on.all<reply>()[0].what).granted);
}

TEST(a_follower, is_not_kept_waiting_by_a_leader_that_only_refuses) {
    bench on = follower_with({});
    on.pass(1900ms);
    on.answer(on.sent<fetch_request>()[0].first,
              fetch_answer{
                  .at = {.error = error_code::not_leader_or_follower, .epoch = leader_epoch(9)}});
    EXPECT_FALSE(std::ranges::any_of(
        on.all<arm_timer>(), [](const arm_timer& each) { return each.which == timer::fetch; }));
}

TEST(an_unattached_node, asks_the_voters_in_turn_who_leads) {
    bench on(stored_replica{.log = log_picture(voters_of({0, 1, 2}))});
    on.fire(timer::request);
    const auto first = on.sent<fetch_request>();
    ASSERT_EQ(first.size(), 1U);
    on.answer(first[0].first, fetch_answer{.at = {.error = error_code::not_leader_or_follower}});
    on.fire(timer::request);
    const auto second = on.sent<fetch_request>();
    ASSERT_EQ(second.size(), 1U);
    EXPECT_NE(first[0].first.to, second[0].first.to);
    on.answer(second[0].first,
              fetch_answer{.at = {.error = error_code::fenced_leader_epoch,
                                  .epoch = leader_epoch(4),
                                  .leader = one}});
    EXPECT_EQ(on.core->role(), role::follower);
    EXPECT_EQ(on.core->epoch(), leader_epoch(4));
}

TEST(a_timer, that_fires_early_is_armed_for_the_rest) {
    bench on = follower_with({});
    on.pass(1s);
    on.step([&](replica& told) { told.timer_fired(timer::fetch, on.at(), on.out); });
    EXPECT_EQ(on.core->role(), role::follower);
    EXPECT_EQ(on.all<arm_timer>()[0].after, duration(1s));
    on.step([&](replica& told) { told.timer_fired(timer::check_quorum, on.at(), on.out); });
    EXPECT_TRUE(on.out.empty()) << "that one is not armed at all";
}

}  // namespace
}  // namespace verdikt::broker::raft
