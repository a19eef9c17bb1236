#include "kafka/error_codes.h"
#include "kafka/messages/api_versions.h"
#include "kafka/messages/fetch.h"
#include "kafka/messages/metadata.h"
#include "tests/unit/server/broker_fixture.h"

namespace verdikt::broker::server {
namespace {

namespace messages = kafka::messages;
using runtime::awaitable;
using runtime::environment;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::vector<std::byte> bytes_of(std::initializer_list<int> values) {
    std::vector<std::byte> bytes;
    for (const int value : values) bytes.push_back(static_cast<std::byte>(value));
    return bytes;
}

awaitable<bool> is_closed(wire_client& client) {
    co_return !(co_await client.receive_frame()).has_value();
}

awaitable<void> expect_service(environment& world) {
    auto client = co_await wire_client::connect(world, {"broker", 9092});
    const auto answer =
        co_await client.ask<messages::api_versions_response>(messages::api_versions_request{}, 0);
    EXPECT_EQ(answer.error_code, 0);
}

using client_connection = broker_fixture;

TEST_F(client_connection, an_unknown_version_of_api_versions_is_answered_in_version_0) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        auto request = client.framed(messages::api_versions_request{}, 3);
        request[7] = std::byte{99};
        EXPECT_TRUE(co_await client.send_bytes(request));
        const auto answer = co_await client.receive<messages::api_versions_response>(0);
        EXPECT_EQ(answer.error_code, 35);
        EXPECT_EQ(answer.api_keys.size(), 1U);
        EXPECT_EQ(answer.api_keys.at(0).api_key, 18);
        EXPECT_EQ(answer.api_keys.at(0).max_version, 3);
        const auto again = co_await client.ask<messages::api_versions_response>(
            messages::api_versions_request{.client_software_name = "test",
                                           .client_software_version = "1"},
            3);
        EXPECT_EQ(again.error_code, 0);
        EXPECT_GT(again.api_keys.size(), 20U);
    });
}

TEST_F(client_connection, bytes_that_are_no_request_close_it) {
    play([](environment& world) -> awaitable<void> {
        const std::vector<std::vector<std::byte>> bad{
            bytes_of({0xff, 0xff, 0xff, 0xff}),                              // a negative size
            bytes_of({0, 0, 0, 0}),                                          // an empty request
            bytes_of({0x7f, 0xff, 0xff, 0xff}),                              // far too large
            bytes_of({0, 0, 0, 2, 0, 3}),                                    // no whole header
            bytes_of({0, 0, 0, 10, 0x7f, 1, 0, 0, 0, 0, 0, 1, 0xff, 0xff}),  // an unknown key
            bytes_of({0, 0, 0, 10, 0, 3, 0, 99, 0, 0, 0, 1, 0xff, 0xff}),    // an unknown version
            bytes_of({0, 0, 0, 10, 0, 3, 0, 4, 0, 0, 0, 1, 0xff, 0xff}),     // no body
        };
        for (const auto& bytes : bad) {
            auto client = co_await connect(world);
            EXPECT_TRUE(co_await client.send_bytes(bytes));
            EXPECT_TRUE(co_await is_closed(client));
        }
        co_await expect_service(world);
    });
}

TEST_F(client_connection, stray_bytes_behind_a_request_are_tolerated) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        auto request = client.framed(messages::metadata_request{.topics = std::nullopt}, 12);
        request.insert(request.end(), 3, std::byte{0});
        request[3] = static_cast<std::byte>(request.size() - 4);
        EXPECT_TRUE(co_await client.send_bytes(request));
        const auto answer = co_await client.receive<messages::metadata_response>(12);
        EXPECT_EQ(answer.brokers.size(), 1U);
    });
}

TEST_F(client_connection, a_request_sent_by_halves_times_out) {
    set("socket.request.timeout.ms", "2000");
    play([](environment& world) -> awaitable<void> {
        for (const std::size_t sent : {2U, 4U, 9U}) {
            auto client = co_await connect(world);
            auto request = client.framed(messages::api_versions_request{}, 0);
            request.resize(sent);
            const auto before = world.now();
            EXPECT_TRUE(co_await client.send_bytes(request));
            EXPECT_TRUE(co_await is_closed(client));
            EXPECT_GE(world.now() - before, seconds(2));
            EXPECT_LE(world.now() - before, seconds(4));
        }
        co_await expect_service(world);
    });
}

TEST_F(client_connection, one_that_is_idle_is_closed) {
    set("connections.max.idle.ms", "5000");
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        const auto before = world.now();
        EXPECT_TRUE(co_await is_closed(client));
        EXPECT_GE(world.now() - before, seconds(5));
        EXPECT_LE(world.now() - before, seconds(7));
    });
}

TEST_F(client_connection, one_too_many_is_closed_at_once) {
    set("max.connections", "3");
    play([](environment& world) -> awaitable<void> {
        std::vector<wire_client> clients;
        for (int count = 0; count < 3; ++count) {
            clients.push_back(co_await connect(world));
            co_await world.sleep_for(milliseconds(100));
        }
        auto refused = co_await connect(world);
        EXPECT_TRUE(co_await is_closed(refused));
        clients.pop_back();
        co_await world.sleep_for(milliseconds(100));
        co_await expect_service(world);
    });
}

TEST_F(client_connection, one_host_may_be_given_fewer_than_all) {
    set("max.connections.per.ip", "2");
    play([](environment& world) -> awaitable<void> {
        std::vector<wire_client> clients;
        for (int count = 0; count < 2; ++count) clients.push_back(co_await connect(world));
        auto refused = co_await connect(world);
        EXPECT_TRUE(co_await is_closed(refused));
        clients.clear();
        co_await world.sleep_for(milliseconds(100));
        co_await expect_service(world);
    });
}

TEST_F(client_connection, many_at_once_are_counted_one_by_one) {
    set("max.connections", "3");
    play([](environment& world) -> awaitable<void> {
        std::size_t open = 0;
        runtime::scope connecting(world.get_executor());
        for (int count = 0; count < 20; ++count) {
            connecting.spawn([](environment& in, std::size_t& served) -> awaitable<void> {
                auto client = co_await connect(in);
                const auto answer = co_await client.try_ask<messages::api_versions_response>(
                    messages::api_versions_request{}, 0);
                if (answer) ++served;
                co_await in.sleep_for(seconds(1));
            }(world, open));
        }
        co_await connecting.join();
        EXPECT_EQ(open, 3U);
        co_await expect_service(world);
    });
}

TEST_F(client_connection, one_that_does_not_take_its_answers_is_closed) {
    set("socket.request.timeout.ms", "3000");
    universe_.network().set_buffer_bytes(4096);
    play([](environment& world) -> awaitable<void> {
        auto silent = co_await connect(world);
        const auto request = silent.framed(messages::api_versions_request{}, 0);
        // Far more answers than the network holds, and none is read.
        const auto before = world.now();
        while (co_await silent.send_bytes(request)) EXPECT_LE(world.now() - before, seconds(8));
        EXPECT_GE(world.now() - before, seconds(3));
        co_await expect_service(world);
    });
}

TEST_F(client_connection, memory_for_requests_is_bounded_and_shared_in_turn) {
    set("queued.max.request.bytes", "100000");
    set("socket.request.timeout.ms", "5000");
    play([](environment& world) -> awaitable<void> {
        // Announces 80,000 bytes and sends none: it holds the budget until its time is over.
        auto greedy = co_await connect(world);
        EXPECT_TRUE(co_await greedy.send_bytes(bytes_of({0, 1, 0x38, 0x80, 0, 3})));
        co_await world.sleep_for(milliseconds(100));
        auto waiting = co_await connect(world);
        EXPECT_TRUE(co_await waiting.send_bytes(bytes_of({0, 1, 0x38, 0x80, 0, 3})));
        // A small request passes while there is room for it.
        EXPECT_TRUE(co_await is_closed(greedy));
        EXPECT_TRUE(co_await is_closed(waiting));
        co_await expect_service(world);
    });
}

TEST_F(client_connection, requests_without_waiting_for_answers_are_all_answered) {
    play([](environment& world) -> awaitable<void> {
        // As kafka-python does: ApiVersions and Metadata in one go.
        auto client = co_await connect(world);
        auto both = client.framed(messages::api_versions_request{}, 0);
        const auto second = client.framed(messages::metadata_request{}, 0);
        both.insert(both.end(), second.begin(), second.end());
        EXPECT_TRUE(co_await client.send_bytes(both));
        const auto versions = co_await client.receive<messages::api_versions_response>(0);
        EXPECT_EQ(versions.error_code, 0);
        const auto metadata = co_await client.receive<messages::metadata_response>(0);
        EXPECT_EQ(metadata.brokers.size(), 1U);
    });
}

TEST_F(client_connection, a_fetch_that_waits_is_answered_when_the_broker_shuts_down) {
    play([this](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        messages::metadata_request make;
        make.topics->push_back({.topic_id = {}, .name = "orders"});
        co_await client.ask<messages::metadata_response>(make, 9);
        messages::fetch_request request;
        request.max_wait_ms = 60'000;
        request.min_bytes = 1;
        request.topics.push_back({.topic = "orders", .topic_id = {}, .partitions = {{}}});
        EXPECT_TRUE(co_await client.send(request, 12));
        co_await world.sleep_for(seconds(1));
        stop_requested_.notify_all();
        const auto answer = co_await client.receive<messages::fetch_response>(12);
        // Its leaderships go first, so that clients look for whoever has them now.
        EXPECT_EQ(answer.responses.at(0).partitions.at(0).error_code,
                  kafka::to_wire(kafka::error_code::not_leader_or_follower));
        EXPECT_TRUE(co_await is_closed(client));
    });
    universe_.run(broker_node_.until_stopped());
    EXPECT_TRUE(ended_well_) << end_reason_;
}

/// Stops and kills it at a hundred moments of its start; after that it serves.
class interrupted_start : public broker_fixture {
  protected:
    void interrupt() {
        play([](environment& world) -> awaitable<void> {
            auto client = co_await connect(world);
            messages::metadata_request make;
            make.topics->push_back({.topic_id = {}, .name = "orders"});
            co_await client.ask<messages::metadata_response>(make, 9);
        });
        for (int moment = 0; moment < 100; ++moment) interrupt_after(microseconds(20 * moment));
        play([](environment& world) -> awaitable<void> { co_await expect_service(world); });
    }

  private:
    using microseconds = std::chrono::microseconds;

    void interrupt_after(microseconds span) {
        broker_node_.power_loss();
        universe_.run(broker_node_.until_stopped());
        start_broker_for(span);
        stop_cleanly();
        EXPECT_TRUE(ended_well_) << end_reason_;
        start_broker_for(span);
        broker_node_.crash();
        universe_.run(broker_node_.until_stopped());
    }
};

TEST_F(interrupted_start, a_broker_may_be_stopped_or_killed_at_any_moment_of_its_start) {
    interrupt();
}

// One is open already while the next is opened.
TEST_F(interrupted_start, so_may_one_with_several_log_directories) {
    set("log.dirs", "/data-1,/data-2");
    interrupt();
}

TEST_F(interrupted_start, so_may_one_whose_metadata_log_lies_apart) {
    set("metadata.log.dir", "/metadata");
    interrupt();
}

}  // namespace
}  // namespace verdikt::broker::server
