/// A simulated world with a toy broker and a node for the program under test.
#pragma once

#include "client/configuration.h"
#include "runtime/sim/world.h"
#include "tests/unit/client/toy_broker.h"

#include <gtest/gtest.h>

#include <functional>

namespace verdikt::client {

class toy_cluster {
  public:
    explicit toy_cluster(std::uint64_t seed = 1)
        : universe(seed), broker(universe.add_node("broker")), user(universe.add_node("user")) {
        broker.start([this](runtime::environment& world) -> runtime::awaitable<void> {
            return run_broker(world);
        });
    }

    /// Runs `body` as the user's program to its end; failures of the world end the test.
    void run(std::function<runtime::awaitable<void>(runtime::environment&)> body) {
        user.start(std::move(body));
        universe.run(until_user_stopped());
        if (user.failure()) std::rethrow_exception(user.failure());
    }

    [[nodiscard]] client_config config() const {
        client_config made;
        made.bootstrap_servers = {"broker:9092"};
        made.client_id = "test";
        return made;
    }

    runtime::sim::world universe;
    runtime::sim::node& broker;
    runtime::sim::node& user;
    toy_log log;
    std::function<void(toy_broker&)> prepare = [](toy_broker&) {};
    toy_broker* running = nullptr;

  private:
    runtime::awaitable<void> run_broker(runtime::environment& world) {
        toy_broker serving(world, log);
        prepare(serving);
        running = &serving;
        co_await serving.serve();
    }
    runtime::awaitable<void> until_user_stopped() { co_await user.until_stopped(); }
};

}  // namespace verdikt::client
