#include "tests/unit/raft/bench.h"

#include <gtest/gtest.h>

namespace verdikt::broker::raft {
namespace {

ticket add(bench& on, int node) {
    const ticket from = on.next_ticket();
    on.step([&](replica& told) {
        told.add_voter(from, key(node), {{"CONTROLLER", "host", 9093}}, {on.at(), 5s}, on.out);
    });
    return from;
}

ticket remove(bench& on, int node) {
    const ticket from = on.next_ticket();
    on.step([&](replica& told) { told.remove_voter(from, key(node), {on.at(), 5s}, on.out); });
    return from;
}

std::optional<error_code> done(const bench& on, ticket from) {
    for (const voter_change_done& each : on.all<voter_change_done>()) {
        if (each.to == from) return each.error;
    }
    return std::nullopt;
}

TEST(an_added_voter, first_has_to_catch_up) {
    bench on;
    on.lead();
    on.append(3);
    on.sync();
    on.fetch_all(1);
    on.fetch(3, 0, 0);
    add(on, 3);
    EXPECT_FALSE(on.has<append_log>());
    on.fetch(3, 2, 1);
    EXPECT_EQ(on.core->log().voters().size(), 3U);
    on.fetch_all(3);
    EXPECT_TRUE(on.has<append_log>());
    EXPECT_EQ(on.core->log().voters(),
              voters_of({0, 1, 2}).with(node_id(3), {{}, {{"CONTROLLER", "host", 9093}}}));
}

TEST(an_added_voter, counts_from_the_moment_its_record_is_appended) {
    bench on(stored_replica{.log = log_picture(voters_of({0, 1}))});
    on.lead();
    on.fetch_all(3);
    const ticket asked = add(on, 3);
    ASSERT_TRUE(on.has<append_log>());
    on.sync();
    EXPECT_EQ(on.core->high_watermark(), offset(2)) << "one of three has it";
    on.fetch_all(3);
    EXPECT_EQ(on.core->high_watermark(), offset(3));
    EXPECT_EQ(done(on, asked), error_code::none);
}

TEST(an_added_voter, that_never_catches_up_is_given_up) {
    bench on;
    on.lead();
    const ticket asked = add(on, 3);
    for (int second = 0; second < 5; ++second) {
        on.pass(1s);
        on.fetch_all(1);
    }
    on.fire(timer::voter_change);
    EXPECT_EQ(done(on, asked), error_code::request_timed_out);
    on.fetch_all(3);
    EXPECT_EQ(on.core->log().voters(), voters_of({0, 1, 2}));
}

TEST(a_change_of_voters, waits_until_the_leader_is_ready) {
    bench on;
    on.elect();
    EXPECT_EQ(done(on, remove(on, 2)), error_code::request_timed_out);
    EXPECT_EQ(on.core->log().voters(), voters_of({0, 1, 2}));
}

// The single-server bug of raft-dev 2015: a change by a leader that has committed nothing of its
// own epoch may not share a voter with one that an earlier leader has made.
TEST(a_change_of_voters, waits_even_if_the_present_voters_are_long_committed) {
    const snapshot_id id{leader_epoch(1), offset(2)};
    log_picture log(voters_of({0, 1, 2}), id);
    bench on(stored_replica{
        .state = {.epoch = leader_epoch(1)}, .log = std::move(log), .snapshots = {{id, 10}}});
    on.elect();
    EXPECT_EQ(done(on, remove(on, 2)), error_code::request_timed_out);
    on.sync();
    on.fetch_all(1);
    EXPECT_EQ(done(on, remove(on, 2)), std::nullopt) << "it is under way";
}

TEST(a_change_of_voters, waits_until_the_one_before_is_committed) {
    bench on(stored_replica{.log = log_picture(voters_of({0, 1, 2, 3, 4}))});
    on.fire(timer::election);
    for (int round = 0; round < 2; ++round) {
        const auto asked = on.sent<vote_request>();
        on.answer(asked[0].first, vote_answer{{.epoch = on.core->epoch()}, true});
        on.answer(asked[1].first, vote_answer{{.epoch = on.core->epoch()}, true});
        if (round == 0) on.persist();
    }
    on.sync();
    on.fetch_all(1);
    on.fetch_all(2);
    ASSERT_TRUE(on.core->is_ready());
    const ticket first = remove(on, 4);
    EXPECT_EQ(done(on, remove(on, 3)), error_code::request_timed_out);
    on.fire(timer::voter_change);
    EXPECT_EQ(done(on, first), error_code::request_timed_out);
    EXPECT_EQ(done(on, remove(on, 3)), error_code::request_timed_out)
        << "given up or not, its record is in the log";
    on.sync();
    on.fetch_all(1);
    on.fetch_all(2);
    remove(on, 3);
    EXPECT_EQ(on.core->log().voters(), voters_of({0, 1, 2}));
}

TEST(a_change_of_voters, is_refused_if_it_makes_no_sense) {
    bench on;
    on.lead();
    EXPECT_EQ(done(on, add(on, 2)), error_code::duplicate_voter);
    EXPECT_EQ(done(on, remove(on, 8)), error_code::voter_not_found);
    bench alone(stored_replica{.log = log_picture(voters_of({0}))});
    alone.persist();
    alone.sync();
    EXPECT_EQ(done(alone, remove(alone, 0)), error_code::invalid_request);
    bench follower;
    EXPECT_EQ(done(follower, remove(follower, 2)), error_code::not_leader_or_follower);
}

TEST(a_change_of_voters, is_not_known_to_have_failed_when_leadership_is_lost) {
    bench on;
    on.lead();
    const ticket asked = remove(on, 2);
    on.step([&](replica& told) { told.resign(on.at(), on.out); });
    EXPECT_EQ(done(on, asked), error_code::not_leader_or_follower);
}

TEST(a_removed_voter, counts_no_more_from_the_moment_its_record_is_appended) {
    bench on;
    on.lead();
    const ticket asked = remove(on, 2);
    on.fetch_all(2);
    on.sync();
    EXPECT_EQ(on.core->high_watermark(), offset(2)) << "0 has it and 2, who is none any more";
    on.fetch_all(1);
    EXPECT_EQ(on.core->high_watermark(), offset(3));
    EXPECT_EQ(done(on, asked), error_code::none);
}

TEST(a_leader, that_removes_itself_leads_until_that_is_committed_and_is_not_counted) {
    bench on;
    on.lead();
    const ticket asked = remove(on, 0);
    on.sync();
    on.fetch_all(1);
    EXPECT_EQ(on.core->role(), role::leader);
    EXPECT_EQ(on.core->high_watermark(), offset(2)) << "one of the two that are left has it";
    on.fetch_all(2);
    EXPECT_EQ(done(on, asked), error_code::none);
    EXPECT_EQ(on.core->role(), role::resigned);
    on.fire(timer::election);
    EXPECT_EQ(on.core->role(), role::unattached) << "it is an observer now";
}

TEST(a_follower, takes_over_voters_when_they_are_appended_and_drops_them_with_the_record) {
    bench on;
    on.follow(1, one);
    on.told({batch_at(0, 1), batch_at(1, 1, voters_of({1, 2}))});
    EXPECT_FALSE(on.core->is_voter());
    on.sync();
    on.follow(2, two);
    on.answer(on.sent<fetch_request>()[0].first,
              fetch_answer{.at = {.epoch = leader_epoch(2), .leader = two},
                           .diverging = log_position{leader_epoch(1), offset(1)}});
    EXPECT_TRUE(on.core->is_voter());
    EXPECT_EQ(on.core->log().voters(), voters_of({0, 1, 2}));
}

TEST(an_update, of_a_voters_endpoints_is_a_record_like_any_change) {
    bench on;
    on.lead();
    const ticket from = on.next_ticket();
    on.step([&](replica& told) {
        told.update_voter(from, key(2), {{"CONTROLLER", "moved", 1}}, {on.at(), 5s}, on.out);
    });
    EXPECT_EQ(on.core->log().voters().all().at(two).endpoints[0].host, "moved");
    on.fetch_all(1);
    on.sync();
    EXPECT_EQ(done(on, from), error_code::none);
}

}  // namespace
}  // namespace verdikt::broker::raft
