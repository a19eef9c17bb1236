#include "kafka/error_codes.h"
#include "tests/unit/server/broker_fixture.h"
#include "tests/unit/server/requests.h"

#include <gmock/gmock.h>

namespace verdikt::broker::server {
namespace {

namespace records = kafka::records;
using kafka::error_code;
using runtime::awaitable;
using runtime::environment;

using produce_and_fetch = broker_fixture;

TEST_F(produce_and_fetch, what_was_produced_is_fetched_bit_for_bit) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "orders");
        auto batch = batch_of("hello", 3);
        const auto produced =
            co_await client.ask<messages::produce_response>(produce_of("orders", 0, batch), 9);
        const auto& answer = produced.responses.at(0).partition_responses.at(0);
        EXPECT_EQ(answer.error_code, 0);
        EXPECT_EQ(answer.base_offset, 0);
        EXPECT_EQ(answer.log_start_offset, 0);

        const auto fetched =
            co_await client.ask<messages::fetch_response>(fetch_of("orders", 0), 12);
        const auto& partition = fetched.responses.at(0).partitions.at(0);
        EXPECT_EQ(partition.error_code, 0);
        EXPECT_EQ(partition.high_watermark, 3);
        records::set_leader_epoch(batch, kafka::leader_epoch(0));
        EXPECT_TRUE(std::ranges::equal(partition.records->bytes(), batch));
    });
}

TEST_F(produce_and_fetch, answers_of_pipelined_requests_come_in_order) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "orders");
        const auto batch = batch_of("x");
        for (int count = 0; count < 20; ++count) {
            EXPECT_TRUE(co_await client.send(produce_of("orders", 0, batch), 9));
        }
        EXPECT_TRUE(co_await client.send(fetch_of("orders", 0), 12));
        for (int count = 0; count < 20; ++count) {
            const auto answer = co_await client.receive<messages::produce_response>(9);
            EXPECT_EQ(answer.responses.at(0).partition_responses.at(0).base_offset, count);
        }
        const auto fetched = co_await client.receive<messages::fetch_response>(12);
        EXPECT_EQ(fetched.responses.at(0).partitions.at(0).high_watermark, 20);
    });
}

TEST_F(produce_and_fetch, no_answer_comes_to_acks_zero_but_the_records_are_there) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "orders");
        const auto batch = batch_of("x");
        const auto request = produce_of("orders", 0, batch, 0);
        auto other = co_await connect(world);
        EXPECT_TRUE(co_await other.send(request, 9));
        co_await world.sleep_for(std::chrono::seconds(1));
        EXPECT_EQ(co_await end_of(client, "orders"), 1);
    });
}

TEST_F(produce_and_fetch, a_failed_acks_zero_closes_the_connection) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        const auto batch = batch_of("x");
        EXPECT_TRUE(co_await client.send(produce_of("nowhere", 0, batch, 0), 9));
        EXPECT_FALSE((co_await client.receive_frame()).has_value());
    });
}

TEST_F(produce_and_fetch, each_refusal_has_its_own_code) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "orders");
        const auto good = batch_of("x");
        auto broken = good;
        broken.back() ^= std::byte{1};
        const auto code = [&client](messages::produce_request request) {
            return produce_code(client, std::move(request));
        };
        EXPECT_EQ(co_await code(produce_of("nowhere", 0, good)),
                  kafka::to_wire(error_code::unknown_topic_or_partition));
        EXPECT_EQ(co_await code(produce_of("orders", 7, good)),
                  kafka::to_wire(error_code::unknown_topic_or_partition));
        EXPECT_EQ(co_await code(produce_of("orders", 0, broken)),
                  kafka::to_wire(error_code::corrupt_message));
        EXPECT_EQ(co_await code(produce_of("orders", 0, good, 5)),
                  kafka::to_wire(error_code::invalid_required_acks));
        EXPECT_EQ(co_await code(produce_of("orders", 0, batch_of(std::string(2 << 20, 'x')))),
                  kafka::to_wire(error_code::message_too_large));
        EXPECT_EQ(co_await end_of(client, "orders"), 0);
    });
}

TEST_F(produce_and_fetch, a_fetch_at_the_end_waits_for_its_time_and_no_longer) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "orders");
        const auto before = world.now();
        const auto fetched =
            co_await client.ask<messages::fetch_response>(fetch_of("orders", 0), 12);
        EXPECT_EQ(fetched.responses.at(0).partitions.at(0).records->size(), 0U);
        const auto waited = world.now() - before;
        EXPECT_GE(waited, std::chrono::milliseconds(500));
        EXPECT_LT(waited, std::chrono::milliseconds(600));
    });
}

TEST_F(produce_and_fetch, a_waiting_fetch_is_answered_when_a_record_is_committed) {
    play([](environment& world) -> awaitable<void> {
        auto consumer = co_await connect(world);
        auto producer = co_await connect(world);
        co_await make_topic(consumer, "orders");
        auto request = fetch_of("orders", 0);
        request.max_wait_ms = 60'000;
        const auto before = world.now();
        EXPECT_TRUE(co_await consumer.send(request, 12));
        co_await world.sleep_for(std::chrono::seconds(2));
        const auto batch = batch_of("x");
        EXPECT_EQ(co_await produce_code(producer, produce_of("orders", 0, batch)), 0);
        const auto fetched = co_await consumer.receive<messages::fetch_response>(12);
        EXPECT_EQ(fetched.responses.at(0).partitions.at(0).records->size(), batch.size());
        EXPECT_LT(world.now() - before, std::chrono::seconds(3));
    });
}

TEST_F(produce_and_fetch, min_bytes_is_waited_for) {
    play([](environment& world) -> awaitable<void> {
        auto consumer = co_await connect(world);
        auto producer = co_await connect(world);
        co_await make_topic(consumer, "orders");
        const auto batch = batch_of("x");
        auto request = fetch_of("orders", 0);
        request.max_wait_ms = 60'000;
        request.min_bytes = static_cast<std::int32_t>(3 * batch.size());
        EXPECT_TRUE(co_await consumer.send(request, 12));
        for (int count = 0; count < 3; ++count) {
            EXPECT_EQ(co_await produce_code(producer, produce_of("orders", 0, batch)), 0);
        }
        const auto fetched = co_await consumer.receive<messages::fetch_response>(12);
        EXPECT_EQ(fetched.responses.at(0).partitions.at(0).records->size(), 3 * batch.size());
    });
}

TEST_F(produce_and_fetch, a_batch_larger_than_the_limit_is_given_whole) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "orders");
        const auto batch = batch_of(std::string(1000, 'x'));
        EXPECT_EQ(co_await produce_code(client, produce_of("orders", 0, batch)), 0);
        auto request = fetch_of("orders", 0);
        request.max_bytes = 10;
        request.topics[0].partitions[0].partition_max_bytes = 10;
        const auto fetched = co_await client.ask<messages::fetch_response>(request, 12);
        EXPECT_EQ(fetched.responses.at(0).partitions.at(0).records->size(), batch.size());
    });
}

TEST_F(produce_and_fetch, an_offset_beyond_the_end_is_out_of_range) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "orders");
        const auto fetched =
            co_await client.ask<messages::fetch_response>(fetch_of("orders", 5), 12);
        EXPECT_EQ(fetched.responses.at(0).partitions.at(0).error_code,
                  kafka::to_wire(error_code::offset_out_of_range));
    });
}

TEST_F(produce_and_fetch, records_acknowledged_by_all_survive_power_loss) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "orders");
        const auto batch = batch_of("x", 5);
        EXPECT_EQ(co_await produce_code(client, produce_of("orders", 0, batch)), 0);
    });
    broker_node_.power_loss();
    universe_.run(broker_node_.until_stopped());
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        EXPECT_EQ(co_await end_of(client, "orders"), 5);
    });
}

TEST_F(produce_and_fetch, a_clean_shutdown_keeps_everything_and_ends_well) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "orders");
        const auto batch = batch_of("x", 5);
        EXPECT_EQ(co_await produce_code(client, produce_of("orders", 0, batch, 1)), 0);
    });
    stop_cleanly();
    EXPECT_TRUE(ended_well_) << end_reason_;
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        EXPECT_EQ(co_await end_of(client, "orders"), 5);
    });
}

}  // namespace
}  // namespace verdikt::broker::server
