// Identities: who gets which, and who is fenced by it.
#include "tests/unit/transactions/transaction_bench.h"

namespace verdikt::broker::coordinator::transactions {
namespace {

using an_identity = transaction_bench;

TEST_F(an_identity, is_told_only_once_it_is_written_down) {
    EXPECT_FALSE(init().has_value());
    EXPECT_FALSE(id.is_known());
    const auto told = stored();
    EXPECT_EQ(told->error, error_code::none);
    EXPECT_EQ(told->producer, identity(101, 0));
    EXPECT_EQ(state(), transaction_state::empty);
}

TEST_F(an_identity, that_could_not_be_written_is_not_told) {
    init();
    EXPECT_EQ(stored(error_code::request_timed_out)->error, error_code::coordinator_not_available);
    EXPECT_FALSE(id.is_known());
    init();
    EXPECT_EQ(stored()->producer, identity(102, 0));
}

TEST_F(an_identity, has_the_next_epoch_each_time_it_is_asked_for) {
    EXPECT_EQ(begin_life().epoch, kafka::producer_epoch(0));
    init();
    EXPECT_EQ(stored()->producer, identity(101, 1));
}

TEST_F(an_identity, has_a_new_id_when_its_epochs_are_used_up) {
    begin_life();
    written.producer.epoch = epoch_exhausted;
    restart();
    init();
    EXPECT_EQ(stored()->producer, identity(102, 0));
    EXPECT_EQ(id.state().previous_id, kafka::producer_id(101));
}

TEST_F(an_identity, is_refused_while_another_request_is_being_written) {
    init();
    EXPECT_EQ(init()->error, error_code::concurrent_transactions);
}

TEST_F(an_identity, is_refused_while_a_transaction_is_being_decided) {
    const auto who = open();
    end(who, true);
    stored();
    EXPECT_EQ(init()->error, error_code::concurrent_transactions);
}

TEST_F(an_identity, asked_for_by_another_aborts_the_open_transaction_first) {
    const auto zombie = open();
    EXPECT_FALSE(init().has_value());
    EXPECT_EQ(stored()->error, error_code::concurrent_transactions) << "to come back";
    EXPECT_EQ(state(), transaction_state::prepare_abort);
    ASSERT_EQ(markers().size(), 1U);
    EXPECT_FALSE(markers()[0].commit);
    EXPECT_EQ(markers()[0].producer, identity(101, 1)) << "an epoch that nobody has";
    EXPECT_EQ(end(zombie, true)->error, error_code::producer_fenced);
    marked(orders);
    stored();
    init();
    EXPECT_EQ(stored()->producer, identity(101, 2));
}

TEST_F(an_identity, a_fence_that_was_not_written_keeps_its_epoch_for_the_next_attempt) {
    const auto zombie = open();
    for (int attempt = 0; attempt < 3; ++attempt) {
        init();
        EXPECT_EQ(stored(error_code::not_enough_replicas)->error,
                  error_code::coordinator_not_available);
        EXPECT_EQ(state(), transaction_state::ongoing);
        EXPECT_EQ(id.state().producer.epoch, kafka::producer_epoch(1));
        EXPECT_EQ(add(zombie, {payments})->error, error_code::producer_fenced)
            << "the write may have been taken all the same";
    }
    init();
    stored();
    EXPECT_EQ(markers()[0].producer, identity(101, 1));
}

TEST_F(an_identity, is_raised_for_who_names_the_current_one) {
    const auto who = begin_life();
    EXPECT_FALSE(init(who).has_value());
    EXPECT_EQ(stored()->producer, identity(101, 1));
}

TEST_F(an_identity, is_told_again_to_who_lost_the_answer) {
    const auto who = begin_life();
    init(who);
    const auto raised = stored()->producer;
    const auto again = init(who);
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->error, error_code::none);
    EXPECT_EQ(again->producer, raised);
    EXPECT_FALSE(id.is_storing()) << "nothing changes";
}

TEST_F(an_identity, is_told_again_over_a_change_of_the_id) {
    begin_life();
    written.producer.epoch = epoch_exhausted;
    restart();
    const auto who = identity(101, epoch_exhausted.value());
    init(who);
    EXPECT_EQ(stored()->producer, identity(102, 0));
    EXPECT_EQ(init(who)->producer, identity(102, 0));
}

TEST_F(an_identity, is_refused_to_who_names_one_that_somebody_else_replaced) {
    const auto zombie = begin_life();
    init();
    stored();
    EXPECT_EQ(init(zombie)->error, error_code::producer_fenced)
        << "its successor did not say who it was: this is no retry";
    EXPECT_EQ(init(identity(77, 0))->error, error_code::producer_fenced);
}

TEST_F(an_identity, a_late_copy_of_the_request_does_not_abort_the_transaction_that_followed) {
    const auto before = begin_life();
    init(before);
    const auto who = stored()->producer;
    add(who, {orders});
    stored();
    EXPECT_EQ(init(before)->error, error_code::producer_fenced);
    EXPECT_EQ(state(), transaction_state::ongoing);
}

TEST_F(an_identity, of_an_id_that_was_forgotten_is_given_to_who_names_an_old_one) {
    init(identity(55, 4));
    EXPECT_EQ(stored()->producer, identity(101, 0));
}

}  // namespace
}  // namespace verdikt::broker::coordinator::transactions
