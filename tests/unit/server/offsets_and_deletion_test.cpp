// ListOffsets and DeleteRecords.
#include "kafka/error_codes.h"
#include "kafka/messages/delete_records.h"
#include "tests/unit/server/broker_fixture.h"
#include "tests/unit/server/requests.h"

namespace verdikt::broker::server {
namespace {

using kafka::error_code;
using runtime::awaitable;
using runtime::environment;

constexpr std::int64_t start = -2;
constexpr std::int64_t newest_time = -3;
constexpr std::int64_t hour_ms = 3'600'000;

/// Three batches of ten records each, an hour apart, a record a millisecond.
awaitable<std::int64_t> fill(environment& world, wire_client& client) {
    co_await make_topic(client, "orders");
    const std::int64_t now = world.wall_time().time_since_epoch().count();
    for (int hour = 0; hour < 3; ++hour) {
        const auto batch = batch_of("x", 10, now + (hour - 3) * hour_ms);
        EXPECT_EQ(co_await produce_code(client, produce_of("orders", 0, batch)), 0);
    }
    co_return now - 3 * hour_ms;
}

awaitable<messages::delete_records_response::delete_records_partition_result> delete_up_to(
    wire_client& client, std::string topic, std::int64_t offset) {
    messages::delete_records_request request;
    request.topics.push_back({.name = std::move(topic), .partitions = {{0, offset}}});
    const auto answer = co_await client.ask<messages::delete_records_response>(request, 2);
    co_return answer.topics.at(0).partitions.at(0);
}

using offsets_and_deletion = broker_fixture;

TEST_F(offsets_and_deletion, an_offset_is_found_by_place_and_by_time) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        const std::int64_t first_ms = co_await fill(world, client);
        EXPECT_EQ((co_await list_offset(client, "orders", start)).offset, 0);
        EXPECT_EQ(co_await end_of(client, "orders"), 30);
        const auto newest = co_await list_offset(client, "orders", newest_time);
        EXPECT_EQ(newest.offset, 29);
        EXPECT_EQ(newest.timestamp, first_ms + 2 * hour_ms + 9);
        const auto exact = co_await list_offset(client, "orders", first_ms + hour_ms + 4);
        EXPECT_EQ(exact.offset, 14);
        EXPECT_EQ(exact.timestamp, first_ms + hour_ms + 4);
        EXPECT_EQ((co_await list_offset(client, "orders", first_ms + 10)).offset, 10);
        EXPECT_EQ((co_await list_offset(client, "orders", 0)).offset, 0);
        const auto beyond = co_await list_offset(client, "orders", first_ms + 3 * hour_ms);
        EXPECT_EQ(beyond.error_code, 0);
        EXPECT_EQ(beyond.offset, -1);
    });
}

TEST_F(offsets_and_deletion, an_offset_of_what_does_not_exist_is_an_error) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        EXPECT_EQ(error_code((co_await list_offset(client, "nowhere", start)).error_code),
                  error_code::unknown_topic_or_partition);
        co_await make_topic(client, "orders");
        EXPECT_EQ(error_code((co_await list_offset(client, "orders", -9)).error_code),
                  error_code::invalid_request);
    });
}

TEST_F(offsets_and_deletion, deleted_records_are_out_of_range_and_stay_deleted) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await fill(world, client);
        const auto deleted = co_await delete_up_to(client, "orders", 15);
        EXPECT_EQ(deleted.error_code, 0);
        EXPECT_EQ(deleted.low_watermark, 15);
        EXPECT_EQ((co_await list_offset(client, "orders", start)).offset, 15);
        const auto fetched =
            co_await client.ask<messages::fetch_response>(fetch_of("orders", 14), 12);
        EXPECT_EQ(error_code(fetched.responses.at(0).partitions.at(0).error_code),
                  error_code::offset_out_of_range);
    });
    broker_node_.power_loss();
    universe_.run(broker_node_.until_stopped());
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        EXPECT_EQ((co_await list_offset(client, "orders", start)).offset, 15);
        EXPECT_EQ(co_await end_of(client, "orders"), 30);
    });
}

TEST_F(offsets_and_deletion, records_are_deleted_up_to_the_high_watermark_and_no_further) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await fill(world, client);
        EXPECT_EQ(error_code((co_await delete_up_to(client, "orders", 31)).error_code),
                  error_code::offset_out_of_range);
        EXPECT_EQ(error_code((co_await delete_up_to(client, "orders", -2)).error_code),
                  error_code::offset_out_of_range);
        EXPECT_EQ((co_await delete_up_to(client, "orders", -1)).low_watermark, 30);
        EXPECT_EQ((co_await delete_up_to(client, "orders", 3)).low_watermark, 30);
        EXPECT_EQ(error_code((co_await delete_up_to(client, "nowhere", 0)).error_code),
                  error_code::unknown_topic_or_partition);
    });
}

}  // namespace
}  // namespace verdikt::broker::server
