// A consumer that is assigned its partition by the program, against a scripted broker.
#include "tests/unit/client/consumer_fixture.h"

namespace verdikt::client {
namespace {

using kafka::api_key;
using kafka::error_code;
using runtime::awaitable;
using runtime::environment;
using std::chrono::milliseconds;
using std::chrono::seconds;

using client_consumer = consumer_test;

committed_offset at(std::int64_t offset) {
    return {.offset = kafka::offset(offset)};
}

TEST_F(client_consumer, earliest_reads_everything_in_order) {
    play([](consumer_test& test, environment& env) -> awaitable<void> {
        co_await test.write_numbers(env, 0, 40);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.assign({only_partition}));
        EXPECT_EQ(co_await read_numbers(reading, 40), numbers(0, 39));
        EXPECT_EQ(co_await reading.position(only_partition), kafka::offset(40));
        co_await reading.close();
    });
}

TEST_F(client_consumer, latest_reads_only_what_comes_after) {
    config.auto_offset_reset = "latest";
    play([](consumer_test& test, environment& env) -> awaitable<void> {
        co_await test.write_numbers(env, 0, 10);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.assign({only_partition}));
        EXPECT_EQ(co_await reading.position(only_partition), kafka::offset(10));
        co_await test.write_numbers(env, 10, 5);
        EXPECT_EQ(co_await read_numbers(reading, 5), numbers(10, 14));
        co_await reading.close();
    });
}

TEST_F(client_consumer, none_is_an_error_until_the_program_seeks) {
    config.auto_offset_reset = "none";
    play([](consumer_test& test, environment& env) -> awaitable<void> {
        co_await test.write_numbers(env, 0, 10);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.assign({only_partition}));
        EXPECT_EQ((co_await poll_for_error(reading)).reason, errc::no_position);
        EXPECT_TRUE(reading.seek(only_partition, at(7)));
        EXPECT_EQ(co_await read_numbers(reading, 3), numbers(7, 9));
        co_await reading.close();
    });
}

TEST_F(client_consumer, seeking_moves_within_and_between_batches_and_drops_what_was_fetched) {
    config.max_poll_records = 2;
    play([](consumer_test& test, environment& env) -> awaitable<void> {
        co_await test.write_numbers(env, 0, 30);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.assign({only_partition}));
        EXPECT_EQ(co_await read_numbers(reading, 2), numbers(0, 1));
        EXPECT_TRUE(reading.seek(only_partition, at(11)));
        EXPECT_EQ(co_await read_numbers(reading, 4), numbers(11, 14));
        EXPECT_TRUE(reading.seek_to_beginning({only_partition}));
        EXPECT_EQ(co_await read_numbers(reading, 2), numbers(0, 1));
        EXPECT_TRUE(reading.seek_to_end({only_partition}));
        EXPECT_EQ(co_await reading.position(only_partition), kafka::offset(30));
        const topic_partition other{.topic = "t", .partition = kafka::partition_index(9)};
        EXPECT_EQ(reading.seek(other, at(0)).error().reason, errc::invalid_argument);
        co_await reading.close();
    });
}

TEST_F(client_consumer, a_paused_partition_is_silent_and_goes_on_where_it_was) {
    config.max_poll_records = 5;
    play([](consumer_test& test, environment& env) -> awaitable<void> {
        co_await test.write_numbers(env, 0, 12);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.assign({only_partition}));
        EXPECT_EQ(co_await read_numbers(reading, 5), numbers(0, 4));
        EXPECT_TRUE(reading.pause({only_partition}));
        const auto nothing = co_await reading.poll(seconds(3));
        EXPECT_TRUE(nothing && nothing->empty());
        EXPECT_EQ(reading.paused(), partition_set{only_partition});
        EXPECT_TRUE(reading.resume({only_partition}));
        EXPECT_EQ(co_await read_numbers(reading, 7), numbers(5, 11));
        co_await reading.close();
    });
}

TEST_F(client_consumer, an_offset_that_was_deleted_is_reset_by_policy) {
    play([](consumer_test& test, environment& env) -> awaitable<void> {
        co_await test.write_numbers(env, 0, 30);
        test.world.log.start = 20;
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.assign({only_partition}));
        EXPECT_TRUE(reading.seek(only_partition, at(5)));
        const auto read = co_await read_numbers(reading, 10);
        EXPECT_EQ(read, numbers(20, 29));
        co_await reading.close();
    });
}

TEST_F(client_consumer, an_offset_that_was_deleted_is_an_error_without_policy) {
    config.auto_offset_reset = "none";
    play([](consumer_test& test, environment& env) -> awaitable<void> {
        co_await test.write_numbers(env, 0, 30);
        test.world.log.start = 20;
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.assign({only_partition}));
        EXPECT_TRUE(reading.seek(only_partition, at(5)));
        EXPECT_EQ((co_await poll_for_error(reading)).reason, errc::no_position);
        co_await reading.close();
    });
}

TEST_F(client_consumer, lost_and_refused_fetches_are_asked_again) {
    behave = [](api_key key, int nth) {
        manners how;
        if (key != api_key::fetch) return how;
        how.swallow = nth == 1;
        if (nth == 2) how.error = error_code::not_leader_or_follower;
        how.silent = nth == 3;
        if (nth == 4) how.error = error_code::kafka_storage_error;
        return how;
    };
    play([](consumer_test& test, environment& env) -> awaitable<void> {
        co_await test.write_numbers(env, 0, 20);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.assign({only_partition}));
        EXPECT_EQ(co_await read_numbers(reading, 20), numbers(0, 19));
        co_await reading.close();
    });
    EXPECT_GE(world.running->served(api_key::fetch), 5);
}

TEST_F(client_consumer, a_refusal_for_good_is_told_to_the_program) {
    behave = [](api_key key, int nth) {
        const bool refuse = key == api_key::fetch && nth == 1;
        return manners{.error = refuse ? std::optional(error_code::topic_authorization_failed)
                                       : std::nullopt};
    };
    play([](consumer_test& test, environment& env) -> awaitable<void> {
        co_await test.write_numbers(env, 0, 5);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.assign({only_partition}));
        const error told = co_await poll_for_error(reading);
        EXPECT_EQ(told.code, error_code::topic_authorization_failed);
        EXPECT_TRUE(told.fatal());
        EXPECT_EQ(co_await read_numbers(reading, 5), numbers(0, 4));
        co_await reading.close();
    });
}

TEST_F(client_consumer, corrupt_records_are_an_error_after_what_is_sound) {
    play([](consumer_test& test, environment& env) -> awaitable<void> {
        co_await test.write_numbers(env, 0, 30);
        std::vector<stored_batch>& batches = test.world.log.batches;
        batches.back().bytes.back() ^= std::byte{1};
        const auto sound = static_cast<int>(batches.back().base);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.assign({only_partition}));
        EXPECT_EQ(co_await read_numbers(reading, static_cast<std::size_t>(sound)),
                  numbers(0, sound - 1));
        EXPECT_EQ((co_await poll_for_error(reading)).reason, errc::corrupt_records);
        EXPECT_EQ(co_await reading.position(only_partition), kafka::offset(sound));
        co_await reading.close();
    });
}

TEST_F(client_consumer, a_new_leader_that_agrees_is_read_from_without_a_gap) {
    config.max_poll_records = 5;
    play([](consumer_test& test, environment& env) -> awaitable<void> {
        co_await test.write_numbers(env, 0, 10);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.assign({only_partition}));
        EXPECT_EQ(co_await read_numbers(reading, 10), numbers(0, 9));
        test.world.running->leader_epoch = 1;
        co_await test.write_numbers(env, 10, 10);
        EXPECT_EQ(co_await read_numbers(reading, 10), numbers(10, 19));
        EXPECT_GE(test.world.running->served(api_key::offset_for_leader_epoch), 1);
        co_await reading.close();
    });
}

// The old leader is asked behind a slow answer that names the new one, which is then asked as well.
TEST_F(client_consumer, what_two_leaders_answer_to_one_question_is_handed_out_once) {
    config.metadata_max_age_ms = seconds(1);
    config.request_timeout_ms = seconds(20);
    play([](consumer_test& test, environment& env) -> awaitable<void> {
        co_await test.write_numbers(env, 0, 10);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.assign({only_partition}));
        EXPECT_EQ(co_await read_numbers(reading, 10), numbers(0, 9));
        co_await env.sleep_for(seconds(1));
        co_await test.write_numbers(env, 10, 10);
        toy_broker& broker = *test.world.running;
        test.behave = [](api_key, int) { return manners{.delay = seconds(3)}; };
        broker.node = 1;
        const int fetches = broker.served(api_key::fetch);
        const int asked = broker.served(api_key::metadata);
        while (broker.served(api_key::metadata) == asked) co_await env.sleep_for(milliseconds(10));
        EXPECT_TRUE((co_await reading.poll(milliseconds(3500)))->empty());
        co_await env.sleep_for(seconds(20));
        EXPECT_EQ(broker.served(api_key::fetch), fetches + 2);
        EXPECT_EQ(co_await read_numbers(reading, 10), numbers(10, 19));
        EXPECT_TRUE((co_await reading.poll(seconds(10)))->empty());
        co_await reading.close();
    });
}

TEST_F(client_consumer, a_log_truncated_below_the_position_is_read_from_where_it_ends) {
    play([](consumer_test& test, environment& env) -> awaitable<void> {
        co_await test.write_numbers(env, 0, 10);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.assign({only_partition}));
        EXPECT_EQ(co_await read_numbers(reading, 10), numbers(0, 9));
        test.world.running->epoch_end = 6;
        test.world.running->leader_epoch = 1;
        EXPECT_EQ(co_await read_numbers(reading, 4), numbers(6, 9));
        co_await reading.close();
    });
}

TEST_F(client_consumer, a_log_truncated_below_the_position_is_an_error_without_policy) {
    config.auto_offset_reset = "none";
    play([](consumer_test& test, environment& env) -> awaitable<void> {
        co_await test.write_numbers(env, 0, 10);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.assign({only_partition}));
        EXPECT_TRUE(reading.seek(only_partition, at(0)));
        EXPECT_EQ(co_await read_numbers(reading, 10), numbers(0, 9));
        test.world.running->epoch_end = 6;
        test.world.running->leader_epoch = 1;
        EXPECT_EQ((co_await poll_for_error(reading)).reason, errc::log_truncated);
        co_await reading.close();
    });
}

TEST_F(client_consumer, offsets_are_looked_up_at_both_ends) {
    play([](consumer_test& test, environment& env) -> awaitable<void> {
        co_await test.write_numbers(env, 0, 10);
        test.world.log.start = 3;
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.assign({only_partition}));
        const auto first = co_await reading.beginning_offsets({only_partition});
        const auto end = co_await reading.end_offsets({only_partition});
        EXPECT_TRUE(first && first->at(only_partition) == kafka::offset(3));
        EXPECT_TRUE(end && end->at(only_partition) == kafka::offset(10));
        co_await reading.close();
    });
}

TEST_F(client_consumer, a_broker_that_comes_back_is_read_from_again) {
    play([](consumer_test& test, environment& env) -> awaitable<void> {
        co_await test.write_numbers(env, 0, 10);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.assign({only_partition}));
        EXPECT_EQ(co_await read_numbers(reading, 10), numbers(0, 9));
        test.world.broker.crash();
        const auto nothing = co_await reading.poll(seconds(3));
        EXPECT_TRUE(nothing && nothing->empty());
        test.world.broker.restart();
        co_await test.write_numbers(env, 10, 5);
        EXPECT_EQ(co_await read_numbers(reading, 5), numbers(10, 14));
        co_await reading.close();
    });
}

}  // namespace
}  // namespace verdikt::client
