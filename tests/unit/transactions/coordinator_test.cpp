// Many ids: loading, giving up, listing; the records at rest; what older clients are told.
#include "broker/coordinator/append_errors.h"
#include "broker/coordinator/transactions/stored_transactions.h"
#include "broker/coordinator/transactions/transaction_coordinator.h"
#include "broker/coordinator/transactions/transaction_errors.h"
#include "kafka/api_keys.h"
#include "tests/unit/transactions/transaction_bench.h"

namespace verdikt::broker::coordinator::transactions {
namespace {

using kafka::api_key;

stored_transaction sample(transaction_state state) {
    stored_transaction result{.producer = identity(7, 3),
                              .timeout = milliseconds(60'000),
                              .state = state,
                              .started = kafka::timestamp(5'000),
                              .updated = kafka::timestamp(6'000),
                              .spoken = protocol::epoch_bump};
    if (state != transaction_state::empty && state != transaction_state::complete_commit) {
        result.partitions = {orders, {"orders", kafka::partition_index(2)}, payments};
    }
    return result;
}

class a_coordinator : public testing::Test {
  protected:
    std::optional<error_code> init(const std::string& name, milliseconds timeout) {
        last_ = last_.next();
        coordinator_.init(
            name,
            {.from = last_, .timeout = timeout, .fresh_id = kafka::producer_id(9), .now = now_},
            out_);
        coordinator_.check_invariants();
        for (const answer& each : only<answer>(out_)) {
            if (each.to == last_) return each.error;
        }
        return std::nullopt;
    }
    void load() {
        coordinator_.read("a", sample(transaction_state::empty));
        coordinator_.read("b", sample(transaction_state::ongoing));
        coordinator_.read("c", sample(transaction_state::prepare_commit));
        coordinator_.read("gone", sample(transaction_state::empty));
        coordinator_.read("gone", std::nullopt);
        coordinator_.loaded(out_);
        coordinator_.check_invariants();
    }
    [[nodiscard]] std::vector<std::string> listed(const transaction_filter& filter) const {
        std::vector<std::string> ids;
        for (const auto& each : coordinator_.list(filter, now_)->transactions) {
            ids.push_back(each.transactional_id);
        }
        return ids;
    }

    kafka::timestamp now_{65'000};
    ticket last_{0};
    effects out_;
    transaction_coordinator coordinator_{coordinator_settings{}, kafka::leader_epoch(4)};
};

TEST_F(a_coordinator, serves_nothing_while_it_loads) {
    EXPECT_EQ(init("a", milliseconds(1'000)), error_code::coordinator_load_in_progress);
    EXPECT_EQ(coordinator_.verify("a", identity(7, 3), orders),
              error_code::coordinator_load_in_progress);
    EXPECT_EQ(coordinator_.list({}, now_).error(), error_code::coordinator_load_in_progress);
    EXPECT_EQ(coordinator_.describe("a").error(), error_code::coordinator_load_in_progress);
}

TEST_F(a_coordinator, once_loaded_goes_on_with_what_was_decided) {
    load();
    ASSERT_EQ(only<send_markers>(out_).size(), 1U);
    EXPECT_EQ(only<send_markers>(out_)[0].transactional_id, "c");
    EXPECT_EQ(coordinator_.transactions().size(), 3U);
}

TEST_F(a_coordinator, that_gave_up_answers_who_waits_and_serves_nothing) {
    load();
    EXPECT_FALSE(init("a", milliseconds(1'000)).has_value());
    coordinator_.give_up(out_);
    EXPECT_EQ(only<answer>(out_).back().error, error_code::not_coordinator);
    EXPECT_EQ(init("a", milliseconds(1'000)), error_code::not_coordinator);
    coordinator_.stored("a", error_code::none, now_, out_);
    EXPECT_EQ(only<answer>(out_).size(), 2U) << "a late write changes nothing";
}

TEST_F(a_coordinator, refuses_timeouts_out_of_bounds_and_ids_without_a_name) {
    load();
    EXPECT_EQ(init("a", milliseconds(0)), error_code::invalid_transaction_timeout);
    EXPECT_EQ(init("a", milliseconds(900'001)), error_code::invalid_transaction_timeout);
    EXPECT_EQ(init("", milliseconds(1'000)), error_code::invalid_request);
}

TEST_F(a_coordinator, knows_no_producer_of_an_id_that_it_never_heard_of) {
    load();
    coordinator_.add_partitions(
        "new", {ticket(50), identity(7, 3), {orders}, protocol::initial, now_}, out_);
    EXPECT_EQ(only<answer>(out_).back().error, error_code::invalid_producer_id_mapping);
    coordinator_.end("new", {.from = ticket(51), .producer = identity(7, 3), .now = now_}, out_);
    EXPECT_EQ(only<answer>(out_).back().error, error_code::invalid_producer_id_mapping);
}

TEST_F(a_coordinator, keeps_nothing_of_an_id_whose_first_record_was_not_written) {
    load();
    EXPECT_FALSE(init("new", milliseconds(1'000)).has_value());
    coordinator_.stored("new", error_code::request_timed_out, now_, out_);
    EXPECT_FALSE(coordinator_.transactions().contains("new"));
}

TEST_F(a_coordinator, lists_by_state_producer_and_duration) {
    load();
    EXPECT_EQ(listed({}), (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(listed({.states = {"Ongoing", "Empty"}}), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(listed({.producers = {kafka::producer_id(8)}}), std::vector<std::string>{});
    EXPECT_EQ(listed({.duration_min = milliseconds(60'000)}), std::vector<std::string>{});
    EXPECT_EQ(listed({.duration_min = milliseconds(59'999)}).size(), 3U);
    EXPECT_EQ(coordinator_.list({.states = {"Ongoing", "Wild"}}, now_)->unknown_states,
              std::vector<std::string>{"Wild"});
}

TEST_F(a_coordinator, describes_what_it_knows) {
    load();
    EXPECT_EQ(*coordinator_.describe("b"), sample(transaction_state::ongoing));
    EXPECT_EQ(coordinator_.describe("new").error(), error_code::transactional_id_not_found);
}

TEST_F(a_coordinator, aborts_what_is_open_for_too_long_and_forgets_what_is_unused) {
    load();
    coordinator_.time_passed(now_, out_);
    ASSERT_EQ(only<store_transaction>(out_).size(), 1U);
    EXPECT_EQ(only<store_transaction>(out_)[0].transactional_id, "b");
    coordinator_.time_passed(now_ + 604'800'000, out_);
    ASSERT_EQ(only<store_tombstone>(out_).size(), 1U);
    coordinator_.stored("a", error_code::none, now_, out_);
    EXPECT_FALSE(coordinator_.transactions().contains("a"));
    coordinator_.check_invariants();
}

TEST(transaction_records, hold_every_state_and_are_read_back) {
    for (const transaction_state state : {transaction_state::empty,
                                          transaction_state::ongoing,
                                          transaction_state::prepare_abort,
                                          transaction_state::complete_commit}) {
        stored_transaction written = sample(state);
        written.previous_id = kafka::producer_id(6);
        if (state == transaction_state::prepare_abort) written.next_id = kafka::producer_id(8);
        const auto read = read_record(encode_key("billing"), encode_value(written));
        ASSERT_TRUE(read.has_value());
        EXPECT_EQ(read->transactional_id, "billing");
        EXPECT_EQ(read->state, written);
    }
    const auto tombstone = read_record(encode_key("billing"), std::nullopt);
    ASSERT_TRUE(tombstone.has_value());
    EXPECT_FALSE(tombstone->state.has_value());
}

TEST(transaction_records, that_no_coordinator_writes_are_not_read) {
    stored_transaction odd = sample(transaction_state::ongoing);
    odd.producer.epoch = kafka::producer_epoch(-1);
    EXPECT_FALSE(read_record(encode_key("billing"), encode_value(odd)).has_value());
    odd = sample(transaction_state::ongoing);
    odd.next_id = kafka::producer_id(8);
    EXPECT_FALSE(read_record(encode_key("billing"), encode_value(odd)).has_value());
    auto bytes = encode_value(sample(transaction_state::ongoing));
    bytes.resize(bytes.size() / 2);
    EXPECT_FALSE(read_record(encode_key("billing"), bytes).has_value());
    EXPECT_FALSE(read_record(bytes, std::nullopt).has_value());
}

TEST(transaction_errors, of_newer_protocols_are_put_into_the_words_of_older_ones) {
    const auto fenced = error_code::producer_fenced;
    const auto old_fenced = error_code::invalid_producer_epoch;
    EXPECT_EQ(spoken_error(api_key::init_producer_id, 3, fenced), old_fenced);
    EXPECT_EQ(spoken_error(api_key::init_producer_id, 4, fenced), fenced);
    for (const api_key key :
         {api_key::add_partitions_to_txn, api_key::add_offsets_to_txn, api_key::end_txn}) {
        EXPECT_EQ(spoken_error(key, 1, fenced), old_fenced);
        EXPECT_EQ(spoken_error(key, 2, fenced), fenced);
    }
    const auto abortable = error_code::transaction_abortable;
    EXPECT_EQ(spoken_error(api_key::produce, 10, abortable), error_code::invalid_txn_state);
    EXPECT_EQ(spoken_error(api_key::produce, 11, abortable), abortable);
    EXPECT_EQ(spoken_error(api_key::end_txn, 3, abortable), error_code::invalid_txn_state);
    EXPECT_EQ(spoken_error(api_key::end_txn, 4, abortable), abortable);
}

TEST(transaction_errors, of_the_log_tell_whether_to_ask_again_here_or_elsewhere) {
    EXPECT_EQ(coordinator_error(error_code::not_enough_replicas),
              error_code::coordinator_not_available);
    EXPECT_EQ(coordinator_error(error_code::not_enough_replicas_after_append),
              error_code::coordinator_not_available);
    EXPECT_EQ(coordinator_error(error_code::request_timed_out),
              error_code::coordinator_not_available);
    EXPECT_EQ(coordinator_error(error_code::not_leader_or_follower), error_code::not_coordinator);
    EXPECT_EQ(coordinator_error(error_code::kafka_storage_error), error_code::not_coordinator);
}

}  // namespace
}  // namespace verdikt::broker::coordinator::transactions
