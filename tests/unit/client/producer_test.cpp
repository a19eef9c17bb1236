#include "client/producer.h"

#include "runtime/scope.h"
#include "runtime/sim/world.h"
#include "tests/unit/client/producer_run.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace verdikt::client {
namespace {

using kafka::api_key;
using kafka::error_code;
using runtime::awaitable;
using runtime::environment;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(client_producer, records_arrive_once_in_order_at_the_offsets_told) {
    toy_cluster world;
    client_config config = world.config();
    config.batch_size = 100;
    const run_result result = run_producer(world, config, 50);
    EXPECT_EQ(result.log, up_to(50));
    for (int number = 0; number < 50; ++number) {
        const auto* const told =
            std::get_if<delivered>(&result.outcomes.at(static_cast<std::size_t>(number)));
        ASSERT_NE(told, nullptr);
        EXPECT_EQ(told->offset, kafka::offset(number));
    }
    EXPECT_EQ(result.counters.records_delivered, 50U);
}

TEST(client_producer, every_codec_is_read_by_the_broker) {
    for (const char* codec : {"gzip", "snappy", "lz4", "zstd"}) {
        toy_cluster world;
        client_config config = world.config();
        config.compression_type = codec;
        config.linger_ms = milliseconds(5);
        EXPECT_EQ(run_producer(world, config, 20).log, up_to(20)) << codec;
    }
}

TEST(client_producer, a_lost_reply_is_retried_without_a_duplicate) {
    toy_cluster world;
    world.prepare = [](toy_broker& broker) {
        broker.behave = [](api_key key, int nth) {
            return manners{.swallow = key == api_key::produce && nth % 3 == 1};
        };
    };
    client_config config = world.config();
    config.batch_size = 80;
    const run_result result = run_producer(world, config, 30);
    EXPECT_EQ(result.log, up_to(30));
    EXPECT_EQ(count_of<delivered>(result.outcomes), 30U);
    EXPECT_GT(result.counters.batches_retried, 0U);
}

TEST(client_producer, not_leader_is_retried_after_asking_for_metadata) {
    toy_cluster world;
    int asked = 0;
    world.prepare = [&asked](toy_broker& broker) {
        broker.behave = [&asked](api_key key, int nth) {
            if (key == api_key::metadata) asked = nth;
            const bool refuse = key == api_key::produce && nth <= 2;
            return manners{.error = refuse ? std::optional(error_code::not_leader_or_follower)
                                           : std::nullopt};
        };
    };
    const run_result result = run_producer(world, world.config(), 5);
    EXPECT_EQ(result.log, up_to(5));
    EXPECT_EQ(count_of<delivered>(result.outcomes), 5U);
    EXPECT_GE(asked, 2);
}

TEST(client_producer, a_broker_that_never_answers_leaves_sends_unknown) {
    toy_cluster world;
    world.prepare = [](toy_broker& broker) {
        broker.behave = [](api_key key, int) { return manners{.silent = key == api_key::produce}; };
    };
    client_config config = world.config();
    config.request_timeout_ms = milliseconds(1'000);
    config.delivery_timeout_ms = milliseconds(5'000);
    const run_result result = run_producer(world, config, 3);
    EXPECT_EQ(count_of<unknown>(result.outcomes), 3U);
    EXPECT_EQ(result.log, up_to(3)) << "unknown was the right word: they are there";
}

TEST(client_producer, a_broker_that_is_down_fails_sends_for_certain) {
    toy_cluster world;
    client_config config = world.config();
    config.delivery_timeout_ms = milliseconds(3'000);
    config.request_timeout_ms = milliseconds(1'000);
    run_result result;
    world.run([&](environment& env) -> awaitable<void> {
        return [](environment& mine,
                  toy_cluster& in,
                  client_config settings,
                  run_result& into) -> awaitable<void> {
            producer sending(mine, std::move(settings));
            // Metadata first, or the sends would never leave the door.
            EXPECT_TRUE(co_await sending.partition_count("t"));
            in.broker.crash();
            into.outcomes = co_await send_numbers(sending, 3);
            co_await sending.close();
        }(env, world, config, result);
    });
    EXPECT_EQ(count_of<failed>(result.outcomes), 3U);
    EXPECT_TRUE(numbers_in(world.log).empty());
}

TEST(client_producer, a_missing_topic_blocks_for_max_block_and_fails) {
    toy_cluster world;
    client_config config = world.config();
    config.max_block_ms = milliseconds(2'000);
    world.run([&](environment& env) -> awaitable<void> {
        return [](environment& mine, client_config settings) -> awaitable<void> {
            producer sending(mine, std::move(settings));
            const auto before = mine.now();
            const delivery outcome = co_await sending.send({.topic = "nowhere"});
            EXPECT_TRUE(std::holds_alternative<failed>(outcome));
            EXPECT_EQ(mine.now() - before, milliseconds(2'000));
            co_await sending.close();
        }(env, config);
    });
}

TEST(client_producer, without_acknowledgement_records_are_sent_and_unknown) {
    toy_cluster world;
    client_config config = world.config();
    config.acks = "0";
    config.enable_idempotence = false;
    const run_result result = run_producer(world, config, 10);
    EXPECT_EQ(count_of<unknown>(result.outcomes), 10U);
    EXPECT_EQ(result.log, up_to(10));
}

TEST(client_producer, an_old_broker_is_asked_its_versions_anew_and_then_spoken_to_in_them) {
    toy_cluster world;
    world.prepare = [](toy_broker& broker) {
        broker.old_api_versions = true;
        broker.versions[0] = {0, 7};
        broker.versions[3] = {0, 7};
        broker.versions[22] = {0, 1};
    };
    EXPECT_EQ(run_producer(world, world.config(), 5).log, up_to(5));
}

TEST(client_producer, appends_wait_for_room_and_go_on_in_order) {
    toy_cluster world;
    world.prepare = [](toy_broker& broker) {
        broker.behave = [](api_key key, int) {
            return manners{.delay = key == api_key::produce ? milliseconds(50) : milliseconds(0)};
        };
    };
    client_config config = world.config();
    config.buffer_memory = 400;
    config.batch_size = 80;
    const run_result result = run_producer(world, config, 40);
    EXPECT_EQ(result.log, up_to(40));
    EXPECT_EQ(count_of<delivered>(result.outcomes), 40U);
}

TEST(client_producer, no_duplicates_order_kept_and_outcomes_true_over_crashes_and_bad_manners) {
    std::size_t delivered_total = 0;
    std::uint64_t retried = 0;
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        SCOPED_TRACE(seed);
        toy_cluster world(seed);
        runtime::random_source chance(seed);
        world.prepare = [&chance](toy_broker& broker) {
            broker.behave = [&chance](api_key key, int) {
                manners how;
                if (key != api_key::produce) return how;
                const auto kind = chance.below(12);
                how.ignore = kind == 0;
                how.swallow = kind == 1;
                how.silent = kind == 2;
                if (kind == 3) how.error = error_code::not_enough_replicas;
                if (kind == 4) how.delay = milliseconds(700);
                return how;
            };
        };
        client_config config = world.config();
        config.batch_size = 90;
        config.request_timeout_ms = milliseconds(500);
        config.delivery_timeout_ms = milliseconds(4'000);
        const run_result result = run_producer(world, config, 60);
        const std::set<int> once(result.log.begin(), result.log.end());
        EXPECT_EQ(once.size(), result.log.size()) << "duplicates";
        EXPECT_TRUE(std::ranges::is_sorted(result.log)) << "out of order";
        for (int number = 0; number < 60; ++number) {
            const delivery& outcome = result.outcomes.at(static_cast<std::size_t>(number));
            if (const auto* const told = std::get_if<delivered>(&outcome)) {
                ++delivered_total;
                ASSERT_TRUE(once.contains(number));
                EXPECT_EQ(result.log.at(static_cast<std::size_t>(told->offset.value())), number);
            }
            if (std::holds_alternative<failed>(outcome)) {
                EXPECT_FALSE(once.contains(number)) << "called failed, and is there";
            }
        }
        retried += result.counters.batches_retried;
        if (testing::Test::HasFailure()) return;
    }
    EXPECT_GT(delivered_total, 4'000U);
    EXPECT_GT(retried, 500U);
}

}  // namespace
}  // namespace verdikt::client
