#include "tests/unit/raft/bench.h"

#include <gtest/gtest.h>

namespace verdikt::broker::raft {
namespace {

/// Leads epoch 5 with records of epochs 1, 1, 3, 3 before its own at 4 and 5.
bench leader_of_five() {
    bench on(stored_replica{.state = {.epoch = leader_epoch(4)},
                            .log = log_of(voters_of({0, 1, 2}), {1, 1, 3, 3})});
    on.elect();
    on.sync();
    on.fetch_all(1);
    return on;
}

TEST(a_fetch, at_the_end_of_what_is_shared_is_given_what_follows) {
    bench on = leader_of_five();
    const ticket asked = on.fetch(2, 2, 1);
    EXPECT_EQ(on.records(asked), (log_range{offset(2), offset(6)}));
    EXPECT_EQ(on.reply_to<fetch_answer>(asked).high_watermark, offset(6));
}

TEST(a_fetch, whose_epoch_ended_earlier_here_is_told_where) {
    bench on = leader_of_five();
    const ticket asked = on.fetch(2, 4, 1);
    EXPECT_EQ(on.reply_to<fetch_answer>(asked).diverging,
              (log_position{leader_epoch(1), offset(2)}));
    EXPECT_FALSE(on.records(asked).has_value());
}

TEST(a_fetch, of_an_epoch_that_is_not_here_is_told_of_the_one_before) {
    bench on = leader_of_five();
    const ticket asked = on.fetch(2, 3, 2);
    EXPECT_EQ(on.reply_to<fetch_answer>(asked).diverging,
              (log_position{leader_epoch(1), offset(2)}));
}

TEST(a_fetch, beyond_the_end_diverges) {
    bench on = leader_of_five();
    const ticket asked = on.fetch(2, 9, 5);
    EXPECT_EQ(on.reply_to<fetch_answer>(asked).diverging,
              (log_position{leader_epoch(5), offset(6)}));
}

TEST(a_fetch, from_before_the_beginning_is_refused) {
    bench on = leader_of_five();
    const ticket asked = on.fetch(2, -5, 0);
    EXPECT_EQ(on.reply_to<fetch_answer>(asked).at.error, error_code::invalid_request);
}

TEST(a_fetch, that_diverges_acknowledges_nothing) {
    bench on(stored_replica{.log = log_picture(voters_of({0, 1, 2}))});
    on.elect();
    on.sync();
    on.fetch(1, 2, 0);
    EXPECT_EQ(on.core->high_watermark(), offset(0));
    EXPECT_FALSE(on.core->describe(on.at().now)->voters[1].end.has_value());
    on.fetch(1, 2, 1);
    EXPECT_EQ(on.core->high_watermark(), offset(2));
}

TEST(a_fetch, of_an_observer_moves_no_high_watermark) {
    bench on;
    on.elect();
    on.sync();
    on.fetch_all(7);
    EXPECT_EQ(on.core->high_watermark(), offset(0));
}

TEST(a_fetch, of_the_voters_node_with_another_disk_moves_no_high_watermark) {
    kafka::uuid known;
    known.bytes[0] = std::byte{1};
    bench on(stored_replica{.log = log_picture(voter_set(std::map<node_id, voter>{
                                {self, {}}, {one, {.directory = known}}, {two, {}}}))});
    on.elect();
    on.sync();
    on.fetch_all(1);
    EXPECT_EQ(on.core->high_watermark(), offset(0));
}

TEST(a_fetch, of_another_epoch_is_refused_and_told_how_things_stand) {
    bench on = leader_of_five();
    const auto fetch_in = [&](int epoch) {
        return on.receive(fetch_request{.replica = key(1),
                                        .epoch = leader_epoch(epoch),
                                        .from = offset(6),
                                        .last_fetched_epoch = leader_epoch(5)});
    };
    const ticket older = fetch_in(4);
    EXPECT_EQ(on.reply_to<fetch_answer>(older).at,
              (standing{error_code::fenced_leader_epoch, leader_epoch(5), self}));
    const ticket newer = fetch_in(6);
    EXPECT_EQ(on.reply_to<fetch_answer>(newer).at.error, error_code::unknown_leader_epoch);
}

TEST(a_fetch, from_a_follower_is_sent_to_the_leader) {
    bench on;
    on.follow(1, one);
    on.told({});
    const ticket asked = on.fetch(2, 0, 0);
    EXPECT_EQ(on.reply_to<fetch_answer>(asked).at,
              (standing{error_code::not_leader_or_follower, leader_epoch(1), one}));
}

TEST(a_fetch, that_nothing_new_can_be_told_waits_for_records) {
    bench on;
    on.lead();
    on.fetch(2, 2, 1);
    const ticket waiting = on.fetch(2, 2, 1, 400ms);
    EXPECT_FALSE(on.replied<fetch_answer>(waiting).has_value());
    on.append();
    EXPECT_EQ(on.records(waiting), (log_range{offset(2), offset(3)}));
}

TEST(a_fetch, that_nothing_new_can_be_told_waits_for_the_high_watermark) {
    bench on;
    on.lead();
    on.append();
    on.fetch_all(2);
    const ticket waiting = on.fetch(2, 3, 1, 400ms);
    EXPECT_FALSE(on.replied<fetch_answer>(waiting).has_value());
    on.sync();
    EXPECT_EQ(on.reply_to<fetch_answer>(waiting).high_watermark, offset(3));
}

TEST(a_fetch, waits_no_longer_than_asked_or_than_the_setting) {
    bench on;
    on.lead();
    on.fetch(2, 2, 1);
    const ticket waiting = on.fetch(2, 2, 1, 1h);
    const instant before = on.at().now;
    on.fire(timer::parked_fetch);
    EXPECT_EQ(on.at().now - before, duration(500ms));
    EXPECT_EQ(on.reply_to<fetch_answer>(waiting).at.error, error_code::none);
}

TEST(a_fetch, that_its_sender_has_replaced_by_another_is_answered_at_once) {
    bench on;
    on.lead();
    on.fetch(2, 2, 1);
    const ticket first = on.fetch(2, 2, 1, 400ms);
    const ticket second = on.fetch(2, 2, 1, 400ms);
    EXPECT_TRUE(on.replied<fetch_answer>(first).has_value());
    EXPECT_FALSE(on.replied<fetch_answer>(second).has_value());
}

TEST(a_late_fetch, does_not_take_an_acknowledgement_back) {
    bench on = leader_of_five();
    on.fetch_all(2);
    on.fetch(2, 4, 3);
    EXPECT_EQ(on.core->describe(on.at().now)->voters[2].end, offset(6));
}

TEST(an_observer, is_forgotten_when_it_stays_away) {
    bench on;
    on.lead();
    on.fetch_all(7);
    EXPECT_EQ(on.core->describe(on.at().now)->observers.size(), 1U);
    for (int round = 0; round < 320; ++round) {
        on.pass(1s);
        on.fetch_all(1);
        if (round % 3 == 2) on.fire(timer::check_quorum);
    }
    EXPECT_TRUE(on.core->describe(on.at().now)->observers.empty());
}

}  // namespace
}  // namespace verdikt::broker::raft
