// A producer and what a broker may say to it: each kind of error, and what becomes of the records.
#include "tests/unit/client/producer_run.h"

namespace verdikt::client {
namespace {

using kafka::api_key;
using kafka::error_code;
using runtime::awaitable;
using runtime::environment;
using std::chrono::milliseconds;
using std::chrono::seconds;

class producer_refusal : public testing::Test {
  protected:
    producer_refusal() { config_ = world_.config(); }

    /// Refuses the `from`th to `to`th produce request with this.
    void refuse(error_code code, int from, int to) {
        world_.prepare = [code, from, to](toy_broker& broker) {
            broker.behave = [code, from, to](api_key key, int nth) {
                const bool now = key == api_key::produce && nth >= from && nth <= to;
                return manners{.error = now ? std::optional(code) : std::nullopt};
            };
        };
    }
    [[nodiscard]] run_result run(int count) { return run_producer(world_, config_, count); }
    [[nodiscard]] int requests() const { return world_.running->served(api_key::produce); }

    toy_cluster world_;
    client_config config_;
};

TEST_F(producer_refusal, what_passes_is_sent_again) {
    for (const error_code code : {error_code::not_enough_replicas,
                                  error_code::not_leader_or_follower,
                                  error_code::leader_not_available,
                                  error_code::kafka_storage_error,
                                  error_code::unknown_topic_or_partition,
                                  error_code::request_timed_out,
                                  error_code::fenced_leader_epoch}) {
        toy_cluster world;
        world.prepare = [code](toy_broker& broker) {
            broker.behave = [code](api_key key, int nth) {
                const bool now = key == api_key::produce && nth <= 2;
                return manners{.error = now ? std::optional(code) : std::nullopt};
            };
        };
        const run_result result = run_producer(world, config_, 3);
        EXPECT_EQ(result.log, up_to(3)) << kafka::name(code);
        EXPECT_EQ(count_of<delivered>(result.outcomes), 3U) << kafka::name(code);
        EXPECT_EQ(result.counters.batches_retried, 2U) << kafka::name(code);
    }
}

TEST_F(producer_refusal, what_does_not_pass_fails_for_certain_and_the_rest_goes_on) {
    for (const error_code code : {error_code::message_too_large,
                                  error_code::invalid_record,
                                  error_code::topic_authorization_failed,
                                  error_code::invalid_timestamp}) {
        toy_cluster world;
        world.prepare = [code](toy_broker& broker) {
            broker.behave = [code](api_key key, int nth) {
                const bool now = key == api_key::produce && nth == 1;
                return manners{.error = now ? std::optional(code) : std::nullopt};
            };
        };
        client_config config = config_;
        config.batch_size = 1;
        config.max_in_flight_requests_per_connection = 1;
        const run_result result = run_producer(world, config, 3);
        EXPECT_EQ(result.log, (std::vector<int>{1, 2})) << kafka::name(code);
        const auto* const how = std::get_if<failed>(&result.outcomes.front());
        ASSERT_NE(how, nullptr) << kafka::name(code);
        EXPECT_EQ(how->why.code, code);
        EXPECT_TRUE(how->why.fatal());
        EXPECT_EQ(count_of<delivered>(result.outcomes), 2U);
    }
}

TEST_F(producer_refusal, a_duplicate_that_the_broker_no_longer_places_is_delivered) {
    refuse(error_code::duplicate_sequence_number, 1, 1);
    const run_result result = run(1);
    const auto* const told = std::get_if<delivered>(&result.outcomes.front());
    ASSERT_NE(told, nullptr);
    EXPECT_EQ(told->offset, kafka::no_offset);
}

TEST_F(producer_refusal, a_broker_that_lost_count_gets_a_new_epoch_and_every_record_once) {
    for (const error_code code : {error_code::out_of_order_sequence_number,
                                  error_code::unknown_producer_id,
                                  error_code::invalid_producer_epoch}) {
        toy_cluster world;
        world.prepare = [code](toy_broker& broker) {
            broker.behave = [code](api_key key, int nth) {
                const bool now = key == api_key::produce && nth == 2;
                return manners{.error = now ? std::optional(code) : std::nullopt};
            };
        };
        client_config config = config_;
        config.batch_size = 1;
        config.max_in_flight_requests_per_connection = 1;
        const run_result result = run_producer(world, config, 6);
        EXPECT_EQ(result.log, up_to(6)) << kafka::name(code);
        EXPECT_EQ(count_of<delivered>(result.outcomes), 6U) << kafka::name(code);
        EXPECT_EQ(result.counters.epoch_bumps, 1U) << kafka::name(code);
    }
}

TEST_F(producer_refusal, retries_are_counted_and_end) {
    refuse(error_code::not_enough_replicas, 1, 1'000);
    config_.retries = 3;
    const run_result result = run(1);
    EXPECT_EQ(requests(), 4);
    const auto* const how = std::get_if<failed>(&result.outcomes.front());
    ASSERT_NE(how, nullptr) << "each attempt was refused before anything was written";
    EXPECT_EQ(how->why.code, error_code::not_enough_replicas);
}

TEST_F(producer_refusal, a_refusal_after_the_append_leaves_the_outcome_unknown) {
    refuse(error_code::not_enough_replicas_after_append, 1, 1'000);
    config_.delivery_timeout_ms = seconds(3);
    config_.request_timeout_ms = seconds(1);
    const run_result result = run(1);
    EXPECT_EQ(count_of<unknown>(result.outcomes), 1U);
}

TEST_F(producer_refusal, delivery_timeout_bounds_every_outcome_retries_included) {
    refuse(error_code::not_enough_replicas, 1, 1'000);
    config_.delivery_timeout_ms = seconds(5);
    config_.request_timeout_ms = seconds(1);
    world_.run([this](environment& env) -> awaitable<void> {
        return [](environment& mine, client_config settings) -> awaitable<void> {
            producer sending(mine, std::move(settings));
            const auto before = mine.now();
            const delivery outcome = co_await sending.send({.topic = "t", .value = as_bytes("1")});
            EXPECT_TRUE(std::holds_alternative<failed>(outcome));
            EXPECT_GE(mine.now() - before, seconds(5));
            EXPECT_LE(mine.now() - before, seconds(5) + milliseconds(100));
            co_await sending.close();
        }(env, config_);
    });
}

TEST_F(producer_refusal, a_record_too_large_for_a_request_is_refused_before_it_is_sent) {
    config_.max_request_size = 200;
    world_.run([this](environment& env) -> awaitable<void> {
        return [](environment& mine, client_config settings) -> awaitable<void> {
            producer sending(mine, std::move(settings));
            const std::string large(300, 'x');
            const auto placed = co_await sending.append({.topic = "t", .value = as_bytes(large)});
            EXPECT_EQ(placed.error().reason, errc::too_large);
            co_await sending.close();
        }(env, config_);
    });
    EXPECT_EQ(requests(), 0);
}

TEST_F(producer_refusal, lingering_gathers_records_and_flush_does_not_wait_for_it) {
    config_.linger_ms = seconds(60);
    world_.run([this](environment& env) -> awaitable<void> {
        return [](environment& mine, client_config settings) -> awaitable<void> {
            producer sending(mine, std::move(settings));
            const auto before = mine.now();
            for (const char* const value : {"0", "1", "2"}) {
                EXPECT_TRUE(co_await sending.append({.topic = "t", .value = as_bytes(value)}));
            }
            co_await sending.flush();
            EXPECT_LT(mine.now() - before, seconds(1));
            co_await sending.close();
        }(env, config_);
    });
    EXPECT_EQ(requests(), 1);
    EXPECT_EQ(world_.log.batches.size(), 1U);
    EXPECT_EQ(numbers_in(world_.log), up_to(3));
}

TEST_F(producer_refusal, a_batch_that_lingers_is_sent_when_its_time_is_up) {
    config_.linger_ms = milliseconds(500);
    world_.run([this](environment& env) -> awaitable<void> {
        return [](environment& mine, client_config settings) -> awaitable<void> {
            producer sending(mine, std::move(settings));
            EXPECT_TRUE(co_await sending.partition_count("t"));
            const auto before = mine.now();
            const delivery outcome = co_await sending.send({.topic = "t", .value = as_bytes("0")});
            EXPECT_TRUE(std::holds_alternative<delivered>(outcome));
            EXPECT_GE(mine.now() - before, milliseconds(500));
            EXPECT_LT(mine.now() - before, milliseconds(600));
            co_await sending.close();
        }(env, config_);
    });
}

}  // namespace
}  // namespace verdikt::client
