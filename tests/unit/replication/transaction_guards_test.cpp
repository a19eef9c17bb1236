// First appends of transactions, and markers.
#include "broker/replication/transaction_guards.h"

#include <gtest/gtest.h>

namespace verdikt::broker::replication {
namespace {

using kafka::error_code;

kafka::records::batch_header batch_of(std::int64_t producer,
                                      std::int16_t epoch,
                                      std::int32_t sequence,
                                      bool transactional = true) {
    kafka::records::batch_header batch;
    batch.producer_id = kafka::producer_id(producer);
    batch.producer_epoch = kafka::producer_epoch(epoch);
    batch.base_sequence = kafka::sequence(sequence);
    batch.attributes = kafka::records::batch_attributes(transactional ? 0x10 : 0);
    return batch;
}

class guarded_appends : public testing::Test {
  protected:
    std::optional<guard> begin(const kafka::records::batch_header& batch) {
        const auto held = guards.begin(producers, batch, kafka::timestamp(1'000));
        guards.check_invariants();
        return held;
    }
    error_code admit(const kafka::records::batch_header& batch, std::optional<guard> held) {
        return guards.admit(producers, batch, held);
    }
    void append(kafka::records::batch_header batch) {
        batch.base_offset = kafka::offset(next_offset++);
        producers.record(batch, kafka::timestamp(1'000));
        guards.appended(batch.producer_id);
    }
    kafka::records::end_transaction_marker marker(std::int16_t epoch, std::int32_t coordinator) {
        return {.producer_id = kafka::producer_id(7),
                .producer_epoch = kafka::producer_epoch(epoch),
                .coordinator_epoch = coordinator};
    }
    void mark(std::int16_t epoch) {
        (void)producers.record(
            marker(epoch, 0), kafka::offset(next_offset++), kafka::timestamp(1'000));
        guards.appended(kafka::producer_id(7));
    }

    storage::producer_table producers;
    transaction_guards guards;
    std::int64_t next_offset = 0;
};

TEST_F(guarded_appends, the_first_of_a_transaction_is_verified_and_no_other) {
    const auto held = begin(batch_of(7, 0, 0));
    ASSERT_TRUE(held.has_value());
    EXPECT_EQ(admit(batch_of(7, 0, 0), held), error_code::none);
    append(batch_of(7, 0, 0));
    EXPECT_FALSE(begin(batch_of(7, 0, 1)).has_value());
    EXPECT_EQ(admit(batch_of(7, 0, 1), std::nullopt), error_code::none);
    EXPECT_EQ(guards.size(), 0U);
}

TEST_F(guarded_appends, of_no_transaction_need_no_verification) {
    EXPECT_FALSE(begin(batch_of(7, 0, 0, false)).has_value());
    EXPECT_EQ(admit(batch_of(7, 0, 0, false), std::nullopt), error_code::none);
    EXPECT_FALSE(begin(batch_of(-1, -1, -1, true)).has_value());
}

TEST_F(guarded_appends, without_a_guard_do_not_open_a_transaction) {
    EXPECT_EQ(admit(batch_of(7, 0, 0), std::nullopt), error_code::transaction_abortable);
    EXPECT_EQ(admit(batch_of(7, 0, 0), guard(1)), error_code::transaction_abortable);
}

TEST_F(guarded_appends, verified_before_a_marker_are_refused_after_it) {
    const auto held = begin(batch_of(7, 0, 0));
    mark(0);
    EXPECT_EQ(admit(batch_of(7, 0, 0), held), error_code::transaction_abortable);
    const auto anew = begin(batch_of(7, 0, 0));
    EXPECT_NE(anew, held);
    EXPECT_EQ(admit(batch_of(7, 0, 0), held), error_code::transaction_abortable);
    EXPECT_EQ(admit(batch_of(7, 0, 0), anew), error_code::none);
}

TEST_F(guarded_appends, that_were_sent_together_share_a_guard_and_keep_their_order) {
    const auto second = begin(batch_of(7, 0, 5));
    const auto first = begin(batch_of(7, 0, 0));
    EXPECT_EQ(first, second);
    EXPECT_EQ(admit(batch_of(7, 0, 5), second), error_code::out_of_order_sequence_number);
    EXPECT_EQ(admit(batch_of(7, 0, 0), first), error_code::none);
}

TEST_F(guarded_appends, of_a_newer_epoch_are_verified_anew) {
    append(batch_of(7, 0, 0));
    const auto old = begin(batch_of(7, 1, 0));
    ASSERT_TRUE(old.has_value()) << "the transaction that is open has another epoch";
    const auto newer = begin(batch_of(7, 2, 0));
    EXPECT_NE(old, newer);
    EXPECT_EQ(admit(batch_of(7, 1, 0), old), error_code::transaction_abortable);
    EXPECT_EQ(admit(batch_of(7, 2, 0), newer), error_code::none);
}

TEST_F(guarded_appends, that_were_never_answered_are_forgotten) {
    const auto held = begin(batch_of(7, 0, 0));
    guards.expire(kafka::timestamp(1'000));
    EXPECT_EQ(guards.size(), 1U);
    guards.expire(kafka::timestamp(1'001));
    EXPECT_EQ(admit(batch_of(7, 0, 0), held), error_code::transaction_abortable);
}

TEST_F(guarded_appends, a_marker_of_an_older_coordinator_or_epoch_is_refused) {
    append(batch_of(7, 3, 0));
    EXPECT_EQ(check_marker(producers, marker(2, 0), false), error_code::invalid_producer_epoch);
    EXPECT_EQ(check_marker(producers, marker(3, 0), false), error_code::none);
    (void)producers.record(marker(3, 5), kafka::offset(next_offset++), kafka::timestamp(1'000));
    EXPECT_EQ(check_marker(producers, marker(3, 4), false),
              error_code::transaction_coordinator_fenced);
}

TEST_F(guarded_appends, a_marker_with_an_epoch_of_its_own_is_above_the_records_that_it_ends) {
    append(batch_of(7, 3, 0));
    EXPECT_EQ(check_marker(producers, marker(3, 0), true), error_code::invalid_producer_epoch)
        << "late, of the transaction before";
    EXPECT_EQ(check_marker(producers, marker(4, 0), true), error_code::none);
    mark(4);
    EXPECT_EQ(check_marker(producers, marker(4, 0), true), error_code::none) << "a retry";
}

}  // namespace
}  // namespace verdikt::broker::replication
