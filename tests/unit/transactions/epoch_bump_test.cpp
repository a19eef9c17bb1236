// The second protocol (KIP-890): each transaction has an epoch of its own.
#include "tests/unit/transactions/transaction_bench.h"

namespace verdikt::broker::coordinator::transactions {
namespace {

class a_transaction_with_its_own_epoch : public transaction_bench {
  protected:
    a_transaction_with_its_own_epoch() { spoken = protocol::epoch_bump; }
};

TEST_F(a_transaction_with_its_own_epoch, is_marked_with_the_next_one_and_its_producer_told) {
    const auto who = open();
    end(who, true);
    const auto told = stored();
    EXPECT_EQ(told->error, error_code::none);
    EXPECT_EQ(told->producer, identity(101, 1));
    ASSERT_EQ(markers().size(), 1U);
    EXPECT_EQ(markers()[0].producer, identity(101, 1));
    EXPECT_EQ(markers()[0].spoken, protocol::epoch_bump);
}

TEST_F(a_transaction_with_its_own_epoch, a_late_end_does_not_act_on_the_next_one) {
    const auto first = open();
    const auto second = finish(first, true);
    add(second, {orders});
    stored();
    EXPECT_EQ(end(first, false)->error, error_code::producer_fenced);
    EXPECT_EQ(end(first, true)->error, error_code::producer_fenced);
    EXPECT_EQ(state(), transaction_state::ongoing);
}

TEST_F(a_transaction_with_its_own_epoch, a_late_addition_does_not_act_on_the_next_one) {
    const auto first = open();
    finish(first, true);
    EXPECT_EQ(add(first, {payments})->error, error_code::producer_fenced);
}

TEST_F(a_transaction_with_its_own_epoch, tells_its_next_identity_again_to_who_lost_the_answer) {
    const auto who = open();
    end(who, true);
    stored();
    EXPECT_EQ(end(who, true)->error, error_code::concurrent_transactions);
    EXPECT_EQ(end(who, false)->error, error_code::invalid_txn_state);
    marked(orders);
    stored();
    const auto again = end(who, true);
    EXPECT_EQ(again->error, error_code::none);
    EXPECT_EQ(again->producer, identity(101, 1));
    EXPECT_EQ(end(who, false)->error, error_code::invalid_txn_state);
}

TEST_F(a_transaction_with_its_own_epoch, may_be_aborted_empty_but_not_committed) {
    const auto who = begin_life();
    EXPECT_EQ(end(who, true)->error, error_code::invalid_txn_state);
    EXPECT_FALSE(end(who, false).has_value()) << "what it added may not have got here";
    EXPECT_EQ(stored()->producer, identity(101, 1));
    EXPECT_TRUE(markers().empty());
    stored();
    EXPECT_EQ(state(), transaction_state::complete_abort);
    EXPECT_FALSE(end(identity(101, 1), false).has_value());
    EXPECT_EQ(stored()->producer, identity(101, 2));
}

TEST_F(a_transaction_with_its_own_epoch, has_a_new_id_after_the_last_epoch) {
    begin_life();
    written.producer.epoch = epoch_exhausted;
    restart();
    const auto who = identity(101, epoch_exhausted.value());
    add(who, {orders});
    stored();
    end(who, true);
    const auto told = stored();
    EXPECT_EQ(told->producer.epoch, kafka::producer_epoch(0));
    EXPECT_NE(told->producer.id, who.id);
    EXPECT_EQ(markers()[0].producer, identity(101, INT16_MAX)) << "above all that it wrote";
    marked(orders);
    stored();
    EXPECT_EQ(id.state().producer, told->producer);
    EXPECT_EQ(end(who, true)->producer, told->producer) << "a retry over the change";
    EXPECT_FALSE(add(told->producer, {orders}).has_value());
}

TEST_F(a_transaction_with_its_own_epoch, that_is_fenced_has_its_epoch_raised_once) {
    open();
    init();
    stored();
    EXPECT_EQ(markers()[0].producer, identity(101, 1));
    EXPECT_EQ(id.state().producer, identity(101, 1));
}

// The storm of transactions found it: both producers wrote under one identity, and a record of the
// one was taken for a repetition of the other's.
TEST_F(a_transaction_with_its_own_epoch,
       is_not_told_the_epoch_of_a_successor_with_the_old_protocol) {
    const auto zombie = finish(open(), true);
    init();
    const auto successor = stored()->producer;
    EXPECT_EQ(successor, identity(101, zombie.epoch.value() + 1));
    spoken = protocol::initial;
    add(successor, {orders});
    stored();
    end(successor, true);
    stored();
    spoken = protocol::epoch_bump;
    EXPECT_EQ(end(zombie, true)->error, error_code::producer_fenced);
    marked(orders);
    stored();
    EXPECT_EQ(state(), transaction_state::complete_commit);
    EXPECT_EQ(end(zombie, true)->error, error_code::producer_fenced);
    EXPECT_EQ(end(zombie, false)->error, error_code::producer_fenced);
}

TEST_F(a_transaction_with_its_own_epoch, that_was_decided_empty_completes_under_the_next_one) {
    const auto who = begin_life();
    end(who, false);
    written = only<store_transaction>(out).back().state;
    restart();
    ASSERT_EQ(only<retry_completion>(out).size(), 1U);
    id.complete_again(now(), out);
    stored();
    EXPECT_EQ(state(), transaction_state::complete_abort);
}

}  // namespace
}  // namespace verdikt::broker::coordinator::transactions
