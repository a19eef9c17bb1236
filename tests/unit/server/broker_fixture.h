/// A broker in the simulated world, and a client node that plays against it.
#pragma once

#include "broker/server/broker.h"
#include "broker/server/config_value.h"
#include "runtime/sim/world.h"
#include "tests/raw_wire/sample_batch.h"
#include "tests/raw_wire/wire_client.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace verdikt::broker::server {

using tests::batch_of;
using tests::wire_client;

class broker_fixture : public testing::Test {
  protected:
    using story = std::function<runtime::awaitable<void>(runtime::environment&)>;

    broker_fixture() {
        set("listeners", "PLAINTEXT://broker:9092");
        set("log.dirs", "/data");
        set("group.initial.rebalance.delay.ms", "0");
    }

    void set(std::string key, std::string value) { config_.set(key, std::move(value)); }

    /// Boots the broker and lets it come up.
    void start_broker() { start_broker_for(std::chrono::seconds(1)); }

    void start_broker_for(runtime::duration span) {
        ended_well_ = false;
        broker_node_.start([this](runtime::environment& world) -> runtime::awaitable<void> {
            const auto ended = co_await run_broker(world, config_, stop_requested_);
            ended_well_ = ended.has_value();
            if (!ended) end_reason_ = ended.error();
        });
        universe_.run_for(span);
    }

    /// Runs the story on the client's node to its end.
    void play(story what) {
        if (!broker_node_.running()) start_broker();
        client_node_.start([&what](runtime::environment& world) { return what(world); });
        universe_.run(client_node_.until_stopped());
        if (client_node_.failure()) std::rethrow_exception(client_node_.failure());
    }

    void stop_cleanly() {
        stop_requested_.notify_all();
        universe_.run(broker_node_.until_stopped());
    }

    static runtime::awaitable<wire_client> connect(runtime::environment& world) {
        return wire_client::connect(world, {"broker", 9092});
    }

    // The world dies first: it unwinds a broker that still runs, which touches the rest.
    broker_config config_;
    runtime::notification stop_requested_;
    bool ended_well_ = false;
    std::string end_reason_;
    runtime::sim::world universe_{1};
    runtime::sim::node& broker_node_ = universe_.add_node("broker");
    runtime::sim::node& client_node_ = universe_.add_node("client");
};

}  // namespace verdikt::broker::server
