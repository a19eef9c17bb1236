// A broker without anybody to take over: while its disk hangs it sends clients away, and goes on.
#include "kafka/error_codes.h"
#include "tests/unit/server/broker_fixture.h"
#include "tests/unit/server/requests.h"

namespace verdikt::broker::server {
namespace {

using namespace std::chrono_literals;
using kafka::error_code;
using runtime::awaitable;
using runtime::environment;

using hung_disk = broker_fixture;

TEST_F(hung_disk, who_waits_is_answered_within_the_timeout_and_all_goes_on_once_it_thaws) {
    set("disk.stall.timeout.ms", "2000");
    play([this](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "orders");
        const auto batch = batch_of("x");
        EXPECT_EQ(co_await produce_code(client, produce_of("orders", 0, batch)), 0);

        broker_node_.disk().hang();
        const runtime::instant begun = world.now();
        EXPECT_EQ(co_await produce_code(client, produce_of("orders", 0, batch)),
                  kafka::to_wire(error_code::kafka_storage_error));
        EXPECT_GE(world.now() - begun, 2s);
        EXPECT_LE(world.now() - begun, 2'500ms);
        EXPECT_EQ(co_await produce_code(client, produce_of("orders", 0, batch)),
                  kafka::to_wire(error_code::kafka_storage_error));
        EXPECT_LE(world.now() - begun, 2'600ms);

        broker_node_.disk().thaw();
        co_await world.sleep_for(5s);
        const auto after = co_await produce(client, produce_of("orders", 0, batch));
        EXPECT_EQ(after.error_code, 0);
        // What had been written when its client was sent away is there all the same.
        EXPECT_EQ(after.base_offset, 2);
    });
}

TEST_F(hung_disk, a_hiccup_shorter_than_the_timeout_is_waited_for) {
    play([this](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "orders");
        const auto batch = batch_of("x");
        broker_node_.disk().hang();
        EXPECT_TRUE(co_await client.send(produce_of("orders", 0, batch), 9));
        co_await world.sleep_for(3s);
        broker_node_.disk().thaw();
        const auto answer = co_await client.receive<messages::produce_response>(9);
        EXPECT_EQ(answer.responses.at(0).partition_responses.at(0).error_code, 0);
    });
}

}  // namespace
}  // namespace verdikt::broker::server
