// The membership of one consumer, driven by events alone.
#include "client/group_membership.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

namespace verdikt::client {
namespace {

using std::chrono::seconds;
using request = group_membership::request;
using news = group_membership::news;
using membership_phase = group_membership::phase;

topic_partition part(std::int32_t index) {
    return {.topic = "t", .partition = kafka::partition_index(index)};
}

class group_membership_test : public testing::Test {
  protected:
    explicit group_membership_test(bool cooperative = false,
                                   std::optional<std::string> instance = {})
        : member_(
              {.group_id = "g", .instance_id = std::move(instance), .cooperative = cooperative}) {
        member_.polled(now_);
        member_.subscribe({"t"});
        member_.advance();
    }

    void answer_join(std::int32_t generation) {
        ASSERT_EQ(member_.next_request(now_), request::join);
        member_.sending(request::join, now_);
        member_.joined("me", generation, true, "range");
    }
    void answer_sync(group_membership::partitions assigned) {
        ASSERT_EQ(member_.next_request(now_), request::sync);
        member_.sending(request::sync, now_);
        member_.synced(std::move(assigned), now_);
    }
    void tell_all() {
        while (member_.next_news() != news::none) member_.told();
        member_.check_invariants();
    }
    void become_stable(std::int32_t generation, group_membership::partitions assigned) {
        answer_join(generation);
        answer_sync(std::move(assigned));
        tell_all();
        ASSERT_EQ(member_.state(), membership_phase::stable);
    }
    void refuse_heartbeat(kafka::error_code code) {
        now_ += seconds(3);
        ASSERT_EQ(member_.next_request(now_), request::heartbeat);
        member_.sending(request::heartbeat, now_);
        member_.refused(request::heartbeat, code, {}, now_);
        member_.check_invariants();
    }

    runtime::instant now_{};
    group_membership member_;
};

class cooperative_membership_test : public group_membership_test {
  protected:
    cooperative_membership_test() : group_membership_test(true) {}
};

class static_cooperative_membership_test : public group_membership_test {
  protected:
    static_cooperative_membership_test() : group_membership_test(true, "instance") {}
};

TEST_F(group_membership_test, one_request_is_under_way_at_a_time) {
    EXPECT_EQ(member_.next_request(now_), request::join);
    member_.sending(request::join, now_);
    EXPECT_EQ(member_.next_request(now_), request::none);
}

TEST_F(group_membership_test, ownership_begins_when_the_program_has_been_told) {
    answer_join(1);
    answer_sync({part(0), part(1)});
    EXPECT_TRUE(member_.owned().empty());
    EXPECT_EQ(member_.next_news(), news::assigned);
    member_.told();
    EXPECT_EQ(member_.owned(), (group_membership::partitions{part(0), part(1)}));
    EXPECT_EQ(member_.state(), membership_phase::stable);
}

TEST_F(group_membership_test, an_eager_member_joins_only_after_everything_is_given_up) {
    become_stable(1, {part(0)});
    refuse_heartbeat(kafka::error_code::rebalance_in_progress);
    EXPECT_EQ(member_.owned().size(), 1U) << "until the next poll";
    member_.advance();
    EXPECT_EQ(member_.next_news(), news::revoked);
    EXPECT_EQ(member_.next_request(now_), request::none);
    member_.told();
    EXPECT_TRUE(member_.owned().empty());
    EXPECT_EQ(member_.next_request(now_), request::join);
}

TEST_F(group_membership_test, a_rebalance_that_is_announced_while_giving_up_is_the_same_one) {
    become_stable(1, {part(0)});
    refuse_heartbeat(kafka::error_code::rebalance_in_progress);
    member_.advance();
    refuse_heartbeat(kafka::error_code::rebalance_in_progress);
    tell_all();
    become_stable(2, {part(0)});
    member_.advance();
    EXPECT_EQ(member_.state(), membership_phase::stable) << "no third generation is asked for";
}

// A process that died between giving something up and joining once more for it, and came back in
// its static member's place without a rebalance: what it had given up would be nobody's for ever.
TEST_F(static_cooperative_membership_test, whoever_comes_back_joins_once_more_and_not_again) {
    become_stable(8, {part(0)});
    member_.advance();
    EXPECT_EQ(member_.owned().size(), 1U) << "it works on meanwhile";
    become_stable(9, {part(0), part(1)});
    member_.advance();
    EXPECT_EQ(member_.state(), membership_phase::stable);
}

TEST_F(group_membership_test, a_new_subscription_while_giving_up_is_not_forgotten) {
    become_stable(1, {part(0)});
    refuse_heartbeat(kafka::error_code::rebalance_in_progress);
    member_.advance();
    tell_all();
    ASSERT_EQ(member_.next_request(now_), request::join);
    member_.sending(request::join, now_);
    member_.subscribe({"t", "u"});
    member_.joined("me", 2, true, "range");
    answer_sync({part(0)});
    tell_all();
    member_.advance();
    EXPECT_EQ(member_.next_news(), news::revoked) << "on its way to the next generation";
}

TEST_F(cooperative_membership_test, what_stays_is_never_given_up) {
    become_stable(1, {part(0), part(1)});
    refuse_heartbeat(kafka::error_code::rebalance_in_progress);
    member_.advance();
    EXPECT_EQ(member_.next_news(), news::none);
    answer_join(2);
    answer_sync({part(0)});
    EXPECT_EQ(member_.next_news(), news::revoked);
    EXPECT_EQ(member_.subject(), group_membership::partitions{part(1)});
    member_.told();
    EXPECT_EQ(member_.owned(), group_membership::partitions{part(0)});
    tell_all();
    member_.advance();
    EXPECT_EQ(member_.next_request(now_), request::join) << "so that it can be given to another";
}

TEST_F(group_membership_test, a_fenced_member_loses_its_partitions_and_starts_over) {
    become_stable(1, {part(0)});
    refuse_heartbeat(kafka::error_code::unknown_member_id);
    EXPECT_EQ(member_.next_news(), news::lost);
    EXPECT_TRUE(member_.member_id().empty());
    tell_all();
    member_.advance();
    EXPECT_EQ(member_.next_request(now_), request::join);
}

TEST_F(group_membership_test, a_refused_sync_goes_back_to_joining_or_starts_over) {
    answer_join(1);
    member_.sending(request::sync, now_);
    member_.refused(request::sync, kafka::error_code::rebalance_in_progress, {}, now_);
    EXPECT_EQ(member_.state(), membership_phase::joining);
    answer_join(2);
    member_.sending(request::sync, now_);
    member_.refused(request::sync, kafka::error_code::illegal_generation, {}, now_);
    EXPECT_EQ(member_.state(), membership_phase::unjoined);
    EXPECT_EQ(member_.member_id(), "me");
}

TEST_F(group_membership_test, an_unanswered_request_is_repeated_after_its_pause) {
    member_.sending(request::join, now_);
    member_.unanswered(request::join, now_ + seconds(1));
    EXPECT_EQ(member_.next_request(now_), request::none);
    EXPECT_EQ(member_.next_change(), now_ + seconds(1));
    EXPECT_EQ(member_.next_request(now_ + seconds(1)), request::join);
}

TEST_F(group_membership_test, a_member_whose_program_does_not_poll_leaves) {
    become_stable(1, {part(0)});
    now_ += std::chrono::minutes(5);
    EXPECT_EQ(member_.next_request(now_), request::leave);
    member_.sending(request::leave, now_);
    member_.left();
    EXPECT_EQ(member_.next_news(), news::lost);
    tell_all();
    EXPECT_EQ(member_.next_request(now_), request::none) << "until it polls again";
}

TEST_F(group_membership_test, unsubscribing_before_an_assignment_is_told_drops_it) {
    answer_join(1);
    answer_sync({part(0)});
    ASSERT_EQ(member_.next_news(), news::assigned);
    member_.unsubscribe();
    EXPECT_EQ(member_.next_news(), news::none) << "nothing was owned yet";
    member_.check_invariants();
}

TEST_F(group_membership_test, unsubscribing_gives_up_everything_and_leaves) {
    become_stable(1, {part(0)});
    member_.unsubscribe();
    EXPECT_EQ(member_.next_news(), news::revoked);
    tell_all();
    EXPECT_TRUE(member_.leaving());
    EXPECT_EQ(member_.next_request(now_), request::leave);
    member_.sending(request::leave, now_);
    member_.left();
    EXPECT_FALSE(member_.leaving());
    EXPECT_EQ(member_.next_request(now_), request::none);
}

}  // namespace
}  // namespace verdikt::client
