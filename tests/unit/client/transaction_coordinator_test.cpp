// A transactional producer whose coordinator cannot be reached when it begins.
#include "client/producer.h"
#include "kafka/messages/api_versions.h"
#include "kafka/messages/find_coordinator.h"
#include "kafka/messages/init_producer_id.h"
#include "kafka/messages/metadata.h"
#include "runtime/sim/world.h"
#include "tests/request_server/request_server.h"

#include <gtest/gtest.h>

#include <optional>

namespace verdikt::client {
namespace {

using namespace kafka::messages;
using namespace std::chrono_literals;
using kafka::api_key;
using runtime::awaitable;
using runtime::environment;
using tests::asked;
using tests::reaction;

constexpr std::uint16_t port = 9092;

std::vector<std::byte> versions(const asked& what) {
    api_versions_response told;
    for (const api_key each : {api_key::api_versions,
                               api_key::metadata,
                               api_key::find_coordinator,
                               api_key::init_producer_id}) {
        told.api_keys.push_back(
            {.api_key = static_cast<std::int16_t>(each), .min_version = 0, .max_version = 3});
    }
    return what.answered_by(told);
}

std::vector<std::byte> metadata(const asked& what) {
    metadata_response told;
    told.controller_id = 1;
    told.brokers.push_back({.node_id = 1, .host = "broker", .port = port, .rack = {}});
    told.brokers.push_back({.node_id = 2, .host = "coordinator", .port = port, .rack = {}});
    return what.answered_by(told);
}

awaitable<reaction> answer(asked what) {
    switch (what.key) {
        case api_key::api_versions:
            co_return reaction{versions(what)};
        case api_key::metadata:
            co_return reaction{metadata(what)};
        case api_key::find_coordinator: {
            find_coordinator_response told;
            told.node_id = 2;
            told.host = "coordinator";
            told.port = port;
            co_return reaction{what.answered_by(told)};
        }
        default: {
            EXPECT_EQ(what.key, api_key::init_producer_id);
            init_producer_id_response told;
            told.producer_id = 7;
            told.producer_epoch = 0;
            co_return reaction{what.answered_by(told)};
        }
    }
}

/// Its machine refuses connections until then.
awaitable<void> serve_after(environment& world, runtime::duration span) {
    co_await world.sleep_for(span);
    tests::request_server serving(world, answer);
    co_await serving.serve(port);
}

class transaction_coordinator : public testing::Test {
  protected:
    /// What `init_transactions` says while the coordinator is not there for so long, and how long
    /// that takes.
    void begin(runtime::duration absent) {
        broker_.start([](environment& world) { return serve_after(world, 0s); });
        coordinator_.start([absent](environment& world) { return serve_after(world, absent); });
        user_.start([this](environment& world) { return initialise(world); });
        universe_.run(until_told());
        if (user_.failure()) std::rethrow_exception(user_.failure());
    }

    std::optional<result<void>> told_;
    runtime::duration took_{};

  private:
    awaitable<void> initialise(environment& world) {
        client_config config;
        config.bootstrap_servers = {"broker:9092"};
        config.transactional_id = "id";
        config.max_block_ms = 5s;
        producer writing(world, config);
        const auto begun = world.now();
        told_ = co_await writing.init_transactions();
        took_ = world.now() - begun;
        co_await writing.close();
    }
    awaitable<void> until_told() { co_await user_.until_stopped(); }

    runtime::sim::world universe_{1};
    runtime::sim::node& broker_ = universe_.add_node("broker");
    runtime::sim::node& coordinator_ = universe_.add_node("coordinator");
    runtime::sim::node& user_ = universe_.add_node("user");
};

TEST_F(transaction_coordinator, that_refuses_connections_for_a_while_is_waited_for) {
    begin(2s);
    ASSERT_TRUE(told_.has_value());
    EXPECT_TRUE(told_->has_value()) << told_->error().message();
    EXPECT_GE(took_, 1s);
}

TEST_F(transaction_coordinator, that_never_comes_is_waited_for_as_long_as_is_allowed) {
    begin(60s);
    ASSERT_TRUE(told_.has_value());
    ASSERT_FALSE(told_->has_value());
    EXPECT_TRUE(told_->error().retriable()) << told_->error().message();
    EXPECT_GE(took_, 4s) << told_->error().message();
    EXPECT_LE(took_, 5s);
}

}  // namespace
}  // namespace verdikt::client
