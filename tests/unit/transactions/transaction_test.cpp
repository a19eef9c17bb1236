// A transaction from its first partition to its last marker, as the first protocol has it.
#include "tests/unit/transactions/transaction_bench.h"

namespace verdikt::broker::coordinator::transactions {
namespace {

using a_transaction = transaction_bench;

TEST_F(a_transaction, begins_with_its_first_partition) {
    const auto who = begin_life();
    EXPECT_FALSE(add(who, {orders}).has_value());
    EXPECT_EQ(state(), transaction_state::empty) << "not before it is written down";
    EXPECT_EQ(stored()->error, error_code::none);
    EXPECT_EQ(state(), transaction_state::ongoing);
    EXPECT_EQ(id.state().started, now());
}

TEST_F(a_transaction, that_has_the_partition_already_writes_nothing) {
    const auto who = open();
    EXPECT_EQ(add(who, {orders})->error, error_code::none);
    EXPECT_FALSE(id.is_storing());
    EXPECT_FALSE(add(who, {orders, payments}).has_value());
    stored();
    EXPECT_EQ(id.state().partitions, (partitions{orders, payments}));
}

TEST_F(a_transaction, takes_partitions_from_its_producer_only) {
    const auto who = open();
    EXPECT_EQ(add(identity(55, 0), {payments})->error, error_code::invalid_producer_id_mapping);
    EXPECT_EQ(add({who.id, who.epoch.next()}, {payments})->error, error_code::producer_fenced);
}

TEST_F(a_transaction, takes_no_partitions_while_something_is_written_or_it_is_being_decided) {
    const auto who = open();
    add(who, {payments});
    EXPECT_EQ(add(who, {payments})->error, error_code::concurrent_transactions);
    stored();
    end(who, true);
    stored();
    EXPECT_EQ(add(who, {orders})->error, error_code::concurrent_transactions);
}

TEST_F(a_transaction, is_decided_once_that_is_written_down_and_then_marked_everywhere) {
    const auto who = open();
    add(who, {payments});
    stored();
    EXPECT_FALSE(end(who, true).has_value());
    EXPECT_TRUE(markers().empty());
    EXPECT_EQ(stored()->error, error_code::none);
    EXPECT_EQ(state(), transaction_state::prepare_commit);
    ASSERT_EQ(markers().size(), 1U);
    EXPECT_TRUE(markers()[0].commit);
    EXPECT_EQ(markers()[0].producer, who);
    EXPECT_EQ(markers()[0].partitions, (partitions{orders, payments}));
    marked(orders);
    EXPECT_FALSE(id.is_storing()) << "one is missing";
    marked(payments);
    stored();
    EXPECT_EQ(state(), transaction_state::complete_commit);
    EXPECT_TRUE(id.state().partitions.empty());
}

TEST_F(a_transaction, whose_decision_was_not_written_goes_on) {
    const auto who = open();
    end(who, true);
    EXPECT_EQ(stored(error_code::not_leader_or_follower)->error, error_code::not_coordinator);
    EXPECT_EQ(state(), transaction_state::ongoing);
    EXPECT_TRUE(markers().empty());
}

TEST_F(a_transaction, sends_a_marker_until_it_is_written) {
    const auto who = open();
    end(who, false);
    stored();
    for (const error_code passing : {error_code::not_leader_or_follower,
                                     error_code::unknown_topic_or_partition,
                                     error_code::not_enough_replicas_after_append,
                                     error_code::network_exception,
                                     error_code::kafka_storage_error}) {
        const std::size_t before = markers().size();
        marked(orders, passing);
        ASSERT_EQ(markers().size(), before + 1);
        EXPECT_EQ(markers().back().partitions, partitions{orders});
        EXPECT_FALSE(markers().back().commit);
    }
    marked(orders);
    EXPECT_TRUE(id.is_storing());
}

TEST_F(a_transaction, needs_no_marker_in_a_topic_that_is_gone) {
    const auto who = open();
    end(who, true);
    stored();
    marked(orders, error_code::unknown_topic_id);
    EXPECT_TRUE(id.is_storing());
}

TEST_F(a_transaction, is_left_to_the_newer_coordinator_that_a_partition_has_heard_of) {
    const auto who = open();
    end(who, true);
    stored();
    marked(orders, error_code::transaction_coordinator_fenced);
    EXPECT_FALSE(id.is_storing());
    id.complete_again(now(), out);
    EXPECT_FALSE(id.is_storing());
    EXPECT_EQ(markers().size(), 1U);
}

TEST_F(a_transaction, takes_no_late_answer_for_one_to_its_own_markers) {
    const auto who = open();
    end(who, true);
    stored();
    const marker_round first = markers().back().round;
    marked(orders);
    stored();
    add(who, {orders});
    stored();
    end(who, false);
    stored();
    id.marker_answered(first, orders, error_code::none, now(), out);
    EXPECT_FALSE(id.is_storing());
}

TEST_F(a_transaction, notes_its_completion_again_if_that_failed) {
    const auto who = open();
    end(who, true);
    stored();
    marked(orders);
    stored(error_code::request_timed_out);
    ASSERT_EQ(only<retry_completion>(out).size(), 1U);
    EXPECT_EQ(state(), transaction_state::prepare_commit);
    id.complete_again(now(), out);
    stored();
    EXPECT_EQ(state(), transaction_state::complete_commit);
}

TEST_F(a_transaction, answers_a_repeated_end_as_its_state_has_it) {
    const auto who = open();
    end(who, true);
    stored();
    EXPECT_EQ(end(who, true)->error, error_code::concurrent_transactions);
    EXPECT_EQ(end(who, false)->error, error_code::invalid_txn_state);
    marked(orders);
    EXPECT_EQ(end(who, true)->error, error_code::concurrent_transactions);
    stored();
    EXPECT_EQ(end(who, true)->error, error_code::none);
    EXPECT_EQ(end(who, false)->error, error_code::invalid_txn_state);
}

TEST_F(a_transaction, that_never_began_cannot_end) {
    const auto who = begin_life();
    EXPECT_EQ(end(who, true)->error, error_code::invalid_txn_state);
    EXPECT_EQ(end(who, false)->error, error_code::invalid_txn_state);
    EXPECT_EQ(end(identity(55, 0), true)->error, error_code::invalid_producer_id_mapping);
}

TEST_F(a_transaction, open_for_too_long_is_aborted_under_an_epoch_that_nobody_has) {
    const auto who = open();
    clock += 59'999;
    id.time_passed(now(), out);
    EXPECT_FALSE(id.is_storing());
    clock += 1;
    id.time_passed(now(), out);
    ASSERT_TRUE(id.is_storing());
    EXPECT_EQ(end(who, true)->error, error_code::concurrent_transactions);
    stored();
    EXPECT_EQ(state(), transaction_state::prepare_abort);
    EXPECT_EQ(markers()[0].producer, identity(101, 1));
    EXPECT_EQ(end(who, true)->error, error_code::producer_fenced);
}

TEST_F(a_transaction, that_was_decided_goes_on_writing_markers_under_the_next_coordinator) {
    const auto who = open();
    end(who, true);
    stored();
    restart();
    ASSERT_EQ(markers().size(), 1U);
    EXPECT_TRUE(markers()[0].commit);
    EXPECT_EQ(markers()[0].partitions, partitions{orders});
    EXPECT_EQ(markers()[0].producer, who);
}

TEST_F(a_transaction, that_was_open_stays_open_under_the_next_coordinator) {
    const auto who = open();
    restart();
    EXPECT_TRUE(markers().empty());
    EXPECT_FALSE(add(who, {payments}).has_value());
    stored();
    EXPECT_FALSE(end(who, true).has_value());
    EXPECT_EQ(stored()->error, error_code::none);
    EXPECT_EQ(markers().back().partitions, (partitions{orders, payments}));
}

TEST_F(a_transaction, is_verified_for_its_own_producer_and_partitions_only) {
    const auto who = open();
    EXPECT_EQ(id.verify(who, orders), error_code::none);
    EXPECT_EQ(id.verify(who, payments), error_code::transaction_abortable);
    EXPECT_EQ(id.verify(identity(55, 0), orders), error_code::invalid_producer_id_mapping);
    EXPECT_EQ(id.verify({who.id, who.epoch.next()}, orders), error_code::producer_fenced);
    end(who, true);
    stored();
    EXPECT_EQ(id.verify(who, orders), error_code::concurrent_transactions);
    marked(orders);
    stored();
    EXPECT_EQ(id.verify(who, orders), error_code::transaction_abortable);
}

TEST_F(a_transaction, an_id_that_is_not_used_is_forgotten_but_never_an_open_one) {
    const auto who = open();
    id.expire(now() + 1, out);
    EXPECT_FALSE(id.is_storing());
    finish(who, true);
    id.expire(now(), out);
    EXPECT_FALSE(id.is_storing());
    id.expire(now() + 1, out);
    ASSERT_EQ(only<store_tombstone>(out).size(), 1U);
    stored();
    EXPECT_TRUE(id.is_dead());
}

TEST_F(a_transaction, when_given_up_answers_who_waits) {
    const auto who = open();
    end(who, true);
    id.abandon(error_code::not_coordinator, out);
    EXPECT_EQ(only<answer>(out).back().error, error_code::not_coordinator);
    EXPECT_TRUE(id.is_dead());
}

}  // namespace
}  // namespace verdikt::broker::coordinator::transactions
