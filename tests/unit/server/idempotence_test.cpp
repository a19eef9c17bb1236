// InitProducerId, and what an idempotent producer is told.
#include "kafka/error_codes.h"
#include "kafka/messages/init_producer_id.h"
#include "tests/unit/server/broker_fixture.h"
#include "tests/unit/server/requests.h"

namespace verdikt::broker::server {
namespace {

using kafka::error_code;
using runtime::awaitable;
using runtime::environment;

awaitable<messages::init_producer_id_response> identify(
    wire_client& client, std::optional<std::string> transactional_id = std::nullopt) {
    const messages::init_producer_id_request request{.transactional_id =
                                                         std::move(transactional_id)};
    co_return co_await client.ask<messages::init_producer_id_response>(request, 4);
}

std::vector<std::byte> batch_from(std::int64_t producer, std::int32_t sequence, int count = 1) {
    return batch_of("x",
                    count,
                    1'000,
                    {.producer_id = kafka::producer_id(producer),
                     .producer_epoch = kafka::producer_epoch(0),
                     .base_sequence = kafka::sequence(sequence)});
}

using idempotence = broker_fixture;

TEST_F(idempotence, no_id_is_given_out_twice_whatever_happens_to_the_broker) {
    std::set<std::int64_t> given;
    for (int life = 0; life < 4; ++life) {
        play([&given](environment& world) -> awaitable<void> {
            auto client = co_await connect(world);
            for (int count = 0; count < 3; ++count) {
                const auto answer = co_await identify(client);
                EXPECT_EQ(answer.error_code, 0);
                EXPECT_EQ(answer.producer_epoch, 0);
                EXPECT_TRUE(given.insert(answer.producer_id).second) << answer.producer_id;
            }
        });
        broker_node_.power_loss();
        universe_.run(broker_node_.until_stopped());
    }
}

TEST_F(idempotence, a_batch_sent_again_is_acknowledged_at_its_old_offset) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "orders");
        const auto id = (co_await identify(client)).producer_id;
        for (int number = 0; number < 5; ++number) {
            const auto batch = batch_from(id, 2 * number, 2);
            EXPECT_EQ((co_await produce(client, produce_of("orders", 0, batch))).base_offset,
                      2 * number);
        }
        for (int number = 0; number < 5; ++number) {
            const auto again =
                co_await produce(client, produce_of("orders", 0, batch_from(id, 2 * number, 2)));
            EXPECT_EQ(again.error_code, 0);
            EXPECT_EQ(again.base_offset, 2 * number);
        }
        EXPECT_EQ(co_await end_of(client, "orders"), 10);
    });
}

TEST_F(idempotence, a_gap_in_the_sequence_is_refused) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "orders");
        const auto id = (co_await identify(client)).producer_id;
        const auto first = batch_from(id, 0);
        const auto third = batch_from(id, 2);
        EXPECT_EQ(co_await produce_code(client, produce_of("orders", 0, first)), 0);
        EXPECT_EQ(error_code(co_await produce_code(client, produce_of("orders", 0, third))),
                  error_code::out_of_order_sequence_number);
        EXPECT_EQ(co_await end_of(client, "orders"), 1);
    });
}

TEST_F(idempotence, what_a_producer_sent_is_remembered_over_power_loss) {
    std::int64_t id = 0;
    play([&id](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "orders");
        id = (co_await identify(client)).producer_id;
        const auto batch = batch_from(id, 0, 3);
        EXPECT_EQ(co_await produce_code(client, produce_of("orders", 0, batch)), 0);
    });
    broker_node_.power_loss();
    universe_.run(broker_node_.until_stopped());
    play([&id](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        const auto first = batch_from(id, 0, 3);
        const auto next = batch_from(id, 3);
        EXPECT_EQ((co_await produce(client, produce_of("orders", 0, first))).base_offset, 0);
        EXPECT_EQ((co_await produce(client, produce_of("orders", 0, next))).base_offset, 3);
        EXPECT_EQ(co_await end_of(client, "orders"), 4);
    });
}

TEST_F(idempotence, a_transactional_producer_has_to_find_its_coordinator_first) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        EXPECT_EQ(error_code((co_await identify(client, "payments")).error_code),
                  error_code::not_coordinator);
        EXPECT_EQ(error_code((co_await identify(client, "")).error_code),
                  error_code::invalid_request);
    });
}

}  // namespace
}  // namespace verdikt::broker::server
