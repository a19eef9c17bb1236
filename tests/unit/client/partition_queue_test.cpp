#include "client/partition_queue.h"

#include "kafka/records/batch.h"
#include "tests/unit/client/log_model.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

namespace verdikt::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

kafka::records::new_record numbered(const std::string& text) {
    return {.time = kafka::timestamp(1), .key = std::nullopt, .value = as_bytes(text)};
}

class partition_queue_test : public testing::Test {
  protected:
    partition_queue_test() { queue_.adopt({kafka::producer_id(7), kafka::producer_epoch(0)}); }

    partition_queue::place add(const std::string& text = "x") {
        return queue_.append(numbered(text), now_, next_++);
    }
    std::shared_ptr<producer_batch> send() {
        EXPECT_TRUE(queue_.ready_at(true) && *queue_.ready_at(true) <= now_);
        return queue_.take(now_);
    }
    void answer(producer_batch& batch, kafka::error_code code, std::int64_t base = 0) {
        queue_.answered(batch, {.code = code, .base = kafka::offset(base)}, now_);
        queue_.check_invariants();
    }
    void lose(producer_batch& batch, bool may_have_arrived = true) {
        queue_.lost(batch, {.reason = errc::disconnected}, may_have_arrived, now_);
        queue_.check_invariants();
    }
    static bool is_unknown(const partition_queue::place& place) {
        return place.batch->settled() && std::holds_alternative<unknown>(place.batch->get());
    }
    static bool is_failed(const partition_queue::place& place) {
        return place.batch->settled() && std::holds_alternative<failed>(place.batch->get());
    }
    static bool is_written(const partition_queue::place& place) {
        return place.batch->settled() &&
               std::holds_alternative<batch_outcome::written>(place.batch->get());
    }

    // One record a batch, so that each `add` is a batch of its own.
    producer_limits limits_{.batch_size = 1, .linger = milliseconds(10)};
    partition_queue queue_{{.topic = "t", .partition = kafka::partition_index(0)}, limits_};
    runtime::instant now_{};
    std::uint64_t next_ = 0;
};

TEST_F(partition_queue_test, batches_are_numbered_in_the_order_of_their_sending) {
    add();
    add();
    EXPECT_EQ(send()->first_sequence, kafka::sequence(0));
    EXPECT_EQ(send()->first_sequence, kafka::sequence(1));
}

TEST_F(partition_queue_test, a_batch_that_may_grow_lingers_and_a_full_one_does_not) {
    limits_.batch_size = 16'384;
    add();
    EXPECT_EQ(queue_.ready_at(false), now_ + milliseconds(10));
    EXPECT_EQ(queue_.ready_at(true), now_);
    limits_.batch_size = 1;
    add();
    EXPECT_EQ(queue_.ready_at(false), now_);
}

TEST_F(partition_queue_test, no_more_than_the_allowed_batches_are_under_way) {
    for (int batch = 0; batch < 6; ++batch) add();
    for (int batch = 0; batch < 5; ++batch) send();
    EXPECT_FALSE(queue_.ready_at(true));
}

TEST_F(partition_queue_test, after_a_lost_reply_only_the_oldest_is_sent_until_it_is_through) {
    const auto first = add();
    add();
    add();
    const auto one = send();
    const auto two = send();
    lose(*one);
    lose(*two);
    EXPECT_EQ(send(), one);
    EXPECT_FALSE(queue_.ready_at(true));
    answer(*one, kafka::error_code::none, 40);
    EXPECT_TRUE(is_written(first));
    EXPECT_EQ(send(), two);
    EXPECT_EQ(send()->first_sequence, kafka::sequence(2)) << "nothing waits any more";
}

TEST_F(partition_queue_test, a_batch_waits_before_it_is_sent_again_but_not_for_a_new_leader) {
    const auto lose_for_a_while = [this](producer_batch& batch) {
        queue_.lost(batch, {.reason = errc::disconnected}, true, now_ + seconds(1));
    };
    queue_.led_in(kafka::leader_epoch(4));
    add();
    lose_for_a_while(*send());
    EXPECT_EQ(queue_.ready_at(true), now_ + seconds(1));
    queue_.led_in(kafka::leader_epoch(4));
    EXPECT_EQ(queue_.ready_at(true), now_ + seconds(1)) << "it is the same leader";
    queue_.led_in(kafka::leader_epoch(5));
    lose_for_a_while(*send());
    EXPECT_EQ(queue_.ready_at(true), now_ + seconds(1)) << "the new one has failed, too";
}

TEST_F(partition_queue_test, out_of_order_behind_a_failed_one_is_sent_again_with_its_numbers) {
    add();
    const auto second = add();
    const auto one = send();
    const auto two = send();
    lose(*one);
    answer(*two, kafka::error_code::out_of_order_sequence_number);
    EXPECT_EQ(send(), one);
    answer(*one, kafka::error_code::none);
    EXPECT_EQ(send(), two);
    EXPECT_EQ(two->first_sequence, kafka::sequence(1));
    EXPECT_EQ(two->epoch, kafka::producer_epoch(0));
    answer(*two, kafka::error_code::none, 1);
    EXPECT_TRUE(is_written(second));
}

TEST_F(partition_queue_test, a_send_that_reached_nobody_fails_when_its_time_is_up) {
    const auto place = add();
    const auto batch = send();
    lose(*batch, false);
    now_ += seconds(120);
    queue_.expire(now_);
    EXPECT_TRUE(is_failed(place));
    queue_.check_invariants();
}

TEST_F(partition_queue_test, a_send_whose_reply_was_lost_is_unknown_when_its_time_is_up) {
    const auto place = add();
    lose(*send());
    now_ += seconds(120);
    queue_.expire(now_);
    EXPECT_TRUE(is_unknown(place));
}

TEST_F(partition_queue_test, a_send_under_way_is_unknown_when_its_time_is_up) {
    const auto place = add();
    const auto batch = send();
    now_ += seconds(120);
    queue_.expire(now_);
    EXPECT_TRUE(is_unknown(place));
    answer(*batch, kafka::error_code::none);  // Too late to matter.
    EXPECT_EQ(queue_.identity().epoch, kafka::producer_epoch(0)) << "nothing was left in doubt";
}

TEST_F(partition_queue_test, refused_after_a_lost_reply_is_unknown_not_failed) {
    const auto place = add();
    const auto batch = send();
    lose(*batch);
    EXPECT_EQ(send(), batch);
    answer(*batch, kafka::error_code::topic_authorization_failed);
    EXPECT_TRUE(is_unknown(place));
}

TEST_F(partition_queue_test, refused_at_once_is_failed_and_the_rest_gets_a_new_epoch) {
    const auto first = add();
    const auto second = add();
    const auto one = send();
    const auto two = send();
    answer(*one, kafka::error_code::message_too_large);
    EXPECT_TRUE(is_failed(first));
    answer(*two, kafka::error_code::out_of_order_sequence_number);
    EXPECT_EQ(send(), two);
    EXPECT_EQ(two->epoch, kafka::producer_epoch(1));
    EXPECT_EQ(two->first_sequence, kafka::sequence(0));
    answer(*two, kafka::error_code::none);
    EXPECT_TRUE(is_written(second));
}

TEST_F(partition_queue_test, what_may_be_written_is_never_numbered_anew) {
    const auto first = add();
    const auto batch = send();
    lose(*batch);
    EXPECT_EQ(send(), batch);
    answer(*batch, kafka::error_code::unknown_producer_id);
    EXPECT_TRUE(is_unknown(first));
    EXPECT_EQ(queue_.identity().epoch, kafka::producer_epoch(1));
}

TEST_F(partition_queue_test, a_younger_batch_that_fits_proves_that_the_unknown_one_is_there) {
    const auto first = add();
    const auto one = send();
    now_ += seconds(60);
    const auto second = add();
    const auto two = send();
    now_ += seconds(60);
    queue_.expire(now_);
    EXPECT_TRUE(is_unknown(first));
    lose(*one);
    answer(*two, kafka::error_code::none, 1);
    EXPECT_TRUE(is_written(second));
    EXPECT_EQ(queue_.identity().epoch, kafka::producer_epoch(0));
    EXPECT_TRUE(queue_.empty());
}

TEST_F(partition_queue_test, a_duplicate_the_broker_no_longer_places_is_delivered_without_offset) {
    const auto place = add();
    answer(*send(), kafka::error_code::duplicate_sequence_number, 17);
    ASSERT_TRUE(is_written(place));
    EXPECT_EQ(std::get<batch_outcome::written>(place.batch->get()).base, kafka::no_offset);
}

TEST_F(partition_queue_test, a_demoted_leader_leaves_acks_all_in_doubt_and_acks_one_not) {
    const auto place = add();
    limits_.retries = 0;
    answer(*send(), kafka::error_code::not_leader_or_follower);
    EXPECT_TRUE(is_unknown(place));
    limits_.acks_all = false;
    limits_.idempotent = false;
    const auto other = add();
    answer(*send(), kafka::error_code::not_leader_or_follower);
    EXPECT_TRUE(is_failed(other));
}

TEST_F(partition_queue_test, after_the_last_epoch_another_producer_id_is_wanted) {
    limits_.idempotent = true;
    partition_queue queue({.topic = "t", .partition = kafka::partition_index(1)}, limits_);
    queue.adopt({kafka::producer_id(7), kafka::producer_epoch(INT16_MAX)});
    queue.append(numbered("x"), now_, 0);
    queue.append(numbered("y"), now_, 1);
    const auto one = queue.take(now_);
    queue.answered(*one, {.code = kafka::error_code::message_too_large}, now_);
    EXPECT_TRUE(queue.wants_identity());
    EXPECT_EQ(queue.spent_id(), kafka::producer_id(7));
    queue.adopt({kafka::producer_id(8), kafka::producer_epoch(0)});
    EXPECT_EQ(queue.take(now_)->producer_id, kafka::producer_id(8));
}

TEST_F(partition_queue_test, nothing_is_sent_before_there_is_an_identity) {
    partition_queue queue({.topic = "t", .partition = kafka::partition_index(1)}, limits_);
    queue.append(numbered("x"), now_, 0);
    EXPECT_TRUE(queue.wants_identity());
    EXPECT_FALSE(queue.ready_at(true));
}

TEST_F(partition_queue_test, without_acknowledgement_the_outcome_is_unknown) {
    limits_.idempotent = false;
    const auto place = add();
    const auto batch = send();
    queue_.posted(*batch);
    EXPECT_TRUE(is_unknown(place));
    EXPECT_TRUE(queue_.empty());
}

TEST_F(partition_queue_test, closing_fails_what_was_not_sent_and_leaves_the_rest_unknown) {
    const auto sent = add();
    const auto unsent = add();
    send();
    queue_.abandon({.reason = errc::closed});
    EXPECT_TRUE(is_unknown(sent));
    EXPECT_TRUE(is_failed(unsent));
    EXPECT_TRUE(queue_.idle());
    EXPECT_EQ(queue_.bytes(), 0U);
}

}  // namespace
}  // namespace verdikt::client
