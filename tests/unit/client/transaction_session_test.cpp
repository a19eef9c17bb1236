// What a transactional producer may do in each state.
#include "client/transaction_session.h"

#include <gtest/gtest.h>

namespace verdikt::client {
namespace {

using session_phase = transaction_session::phase;
using outcome = transaction_session::outcome;

const kafka::topic_partition here{"t", kafka::partition_index(0)};
const kafka::topic_partition there{"t", kafka::partition_index(1)};

transaction_session open_session(bool epoch_bump) {
    transaction_session session;
    session.initialised(epoch_bump);
    EXPECT_TRUE(session.begin().has_value());
    return session;
}

error trouble() {
    return {.reason = errc::timed_out};
}

TEST(transaction_session, nothing_may_be_done_before_it_is_initialised) {
    transaction_session session;
    EXPECT_TRUE(session.may_initialise().has_value());
    EXPECT_FALSE(session.begin().has_value());
    EXPECT_FALSE(session.may_write().has_value());
    EXPECT_FALSE(session.end(outcome::commit).has_value());
    session.initialised(false);
    EXPECT_FALSE(session.may_initialise().has_value());
    EXPECT_FALSE(session.may_write().has_value());
    session.check_invariants();
}

TEST(transaction_session, under_the_first_version_a_partition_is_added_before_it_is_sent_to) {
    auto session = open_session(false);
    EXPECT_FALSE(session.may_send_to(here));
    EXPECT_FALSE(session.may_send_to(there));
    const auto taken = session.take_unadded();
    EXPECT_EQ(taken.size(), 2U);
    EXPECT_TRUE(session.take_unadded().empty());
    EXPECT_FALSE(session.may_send_to(here));
    session.added(taken);
    EXPECT_TRUE(session.may_send_to(here));
    EXPECT_TRUE(session.is_started());
    session.check_invariants();
}

TEST(transaction_session, under_the_second_version_the_first_batch_adds_its_partition) {
    auto session = open_session(true);
    EXPECT_FALSE(session.may_be_started());
    EXPECT_TRUE(session.may_send_to(here));
    EXPECT_TRUE(session.may_be_started());
    EXPECT_TRUE(session.take_unadded().empty());
}

TEST(transaction_session, one_that_failed_can_only_be_aborted) {
    auto session = open_session(true);
    session.fail(trouble());
    EXPECT_EQ(session.may_write().error().reason, errc::must_abort);
    EXPECT_EQ(session.end(outcome::commit).error().reason, errc::must_abort);
    EXPECT_FALSE(session.may_send_to(here));
    session.check_invariants();
    EXPECT_TRUE(session.end(outcome::abort).has_value());
    session.ended();
    session.initialised(true);
    EXPECT_TRUE(session.begin().has_value());
    EXPECT_TRUE(session.may_write().has_value());
    session.check_invariants();
}

TEST(transaction_session, a_commit_of_unknown_outcome_may_only_be_repeated) {
    auto session = open_session(true);
    EXPECT_TRUE(session.end(outcome::commit).has_value());
    session.commit_sent();
    EXPECT_FALSE(session.end(outcome::abort).has_value());
    EXPECT_FALSE(session.may_write().has_value());
    EXPECT_FALSE(session.begin().has_value());
    EXPECT_TRUE(session.end(outcome::commit).has_value());
    session.commit_sent();
    session.check_invariants();
    session.ended();
    EXPECT_EQ(session.now(), session_phase::ready);
}

TEST(transaction_session, a_commit_that_the_coordinator_refuses_has_to_be_aborted) {
    auto session = open_session(true);
    session.commit_sent();
    session.commit_refused(trouble());
    EXPECT_EQ(session.end(outcome::commit).error().reason, errc::must_abort);
    EXPECT_TRUE(session.end(outcome::abort).has_value());
    session.check_invariants();
}

TEST(transaction_session, one_that_is_broken_stays_so_and_says_why) {
    auto session = open_session(false);
    EXPECT_FALSE(session.may_send_to(here));
    session.break_down(refused(kafka::error_code::producer_fenced));
    session.break_down(trouble());
    session.fail(trouble());
    EXPECT_TRUE(session.begin().error().fenced());
    EXPECT_TRUE(session.end(outcome::abort).error().fenced());
    EXPECT_TRUE(session.take_unadded().empty());
    session.check_invariants();
}

TEST(transaction_session, a_new_epoch_is_needed_after_anything_that_may_arrive_late) {
    auto session = open_session(false);
    EXPECT_FALSE(session.needs_new_epoch());
    session.lost_request();
    EXPECT_TRUE(session.needs_new_epoch());

    auto adding = open_session(false);
    EXPECT_FALSE(adding.may_send_to(here));
    EXPECT_EQ(adding.take_unadded().size(), 1U);
    EXPECT_TRUE(adding.end(outcome::abort).has_value());
    EXPECT_TRUE(adding.needs_new_epoch());

    auto failed = open_session(false);
    failed.fail(trouble());
    EXPECT_TRUE(failed.needs_new_epoch());
    EXPECT_TRUE(failed.end(outcome::abort).has_value());
    failed.initialised(false);
    EXPECT_FALSE(failed.needs_new_epoch());
}

TEST(transaction_session, each_transaction_has_a_number_of_its_own) {
    auto session = open_session(true);
    const auto first = session.number();
    session.commit_sent();
    session.ended();
    EXPECT_NE(session.number(), first);
}

// Storm of the cluster, seed 40112: partitions were still being added when the abort had brought a
// new epoch, their refusal was taken for a successor's fencing.
TEST(transaction_session, heeds_no_refusal_of_what_its_end_has_overtaken) {
    auto session = open_session(false);
    const auto number = session.number();
    EXPECT_TRUE(session.heeds_refusal_in(number));
    EXPECT_TRUE(session.end(outcome::abort).has_value());
    EXPECT_FALSE(session.heeds_refusal_in(number));
    session.ended();
    EXPECT_FALSE(session.heeds_refusal_in(number));
    EXPECT_TRUE(session.heeds_refusal_in(session.number()));
}

}  // namespace
}  // namespace verdikt::client
