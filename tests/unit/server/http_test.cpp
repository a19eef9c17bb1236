// The HTTP port: /metrics and /healthz.
#include "tests/unit/server/broker_fixture.h"
#include "tests/unit/server/requests.h"

#include <gmock/gmock.h>

namespace verdikt::broker::server {
namespace {

using runtime::awaitable;
using runtime::environment;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

/// All that comes back before the broker closes; nothing if it takes no connection.
awaitable<std::string> talk(environment& world, std::string request) {
    auto wire = co_await world.net().connect({"broker", 9404});
    if (!wire) co_return "";
    const runtime::const_bytes piece = std::as_bytes(std::span(request));
    co_await (*wire)->write(std::span(&piece, 1));
    std::string answer;
    std::array<std::byte, 1024> buffer{};
    for (;;) {
        const auto read = co_await (*wire)->read_some(buffer);
        if (!read || *read == 0) co_return answer;
        answer.append(reinterpret_cast<const char*>(buffer.data()), *read);
    }
}

awaitable<std::string> get(environment& world, std::string target) {
    co_return co_await talk(world, "GET " + target + " HTTP/1.1\r\nHost: broker\r\n\r\n");
}

class http : public broker_fixture {
  protected:
    http() { set("metrics.listener", "HTTP://broker:9404"); }
};

TEST_F(http, metrics_count_what_was_done) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "orders");
        const auto batch = batch_of("x", 5);
        EXPECT_EQ(co_await produce_code(client, produce_of("orders", 0, batch)), 0);
        co_await world.sleep_for(std::chrono::seconds(2));
        const std::string page = co_await get(world, "/metrics");
        EXPECT_THAT(page, StartsWith("HTTP/1.1 200 OK\r\n"));
        EXPECT_THAT(page,
                    AllOf(HasSubstr("# TYPE verdikt_records_produced_total counter"),
                          HasSubstr("verdikt_records_produced_total 5\n"),
                          HasSubstr("verdikt_connections 1\n")));
    });
}

TEST_F(http, health_follows_the_disk) {
    play([this](environment& world) -> awaitable<void> {
        EXPECT_THAT(co_await get(world, "/healthz"), StartsWith("HTTP/1.1 200 OK\r\n"));
        auto client = co_await connect(world);
        co_await make_topic(client, "orders");
        broker_node_.disk().fail_next(runtime::sim::disk_operation::sync, 1);
        const auto batch = batch_of("x");
        EXPECT_TRUE(co_await client.send(produce_of("orders", 0, batch), 9));
    });
    universe_.run(broker_node_.until_stopped());
    EXPECT_FALSE(ended_well_);
    EXPECT_THAT(end_reason_, HasSubstr("log directory"));
}

TEST_F(http, what_is_no_request_for_a_page_is_told_so_or_cut_off) {
    play([](environment& world) -> awaitable<void> {
        EXPECT_THAT(co_await get(world, "/"), StartsWith("HTTP/1.1 404 "));
        EXPECT_THAT(co_await talk(world, "POST /metrics HTTP/1.1\r\n\r\n"),
                    StartsWith("HTTP/1.1 405 "));
        EXPECT_EQ(co_await talk(world, "\x16\x03\x01\r\n\r\n"), "");
        EXPECT_EQ(co_await talk(world, std::string(100'000, 'a')), "");
        const auto before = world.now();
        EXPECT_EQ(co_await talk(world, "GET /metr"), "");
        EXPECT_LE(world.now() - before, std::chrono::seconds(6));
        EXPECT_THAT(co_await get(world, "/healthz"), StartsWith("HTTP/1.1 200 OK\r\n"));
    });
}

}  // namespace
}  // namespace verdikt::broker::server
