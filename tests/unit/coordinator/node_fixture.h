/// A test of a coordinator in one simulated node: it is opened before the test's coroutine, and
/// closed after it.
#pragma once

#include "runtime/scope.h"
#include "runtime/sim/world.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <utility>

namespace verdikt::broker::coordinator {

class node_fixture : public testing::Test {
  protected:
    node_fixture() : node_(universe_.add_node("broker")) {
        node_.start(live_until_killed);
        universe_.settle();
    }

    /// Runs the test's coroutine in the simulated world, the coordinator serving, and stops it.
    void run(std::function<runtime::awaitable<void>()> body) {
        universe_.run(open_and_close(std::move(body)));
    }

    /// Serves every partition from what the log holds.
    virtual void open() = 0;
    virtual runtime::awaitable<void> close() = 0;
    runtime::awaitable<void> reopen() {
        co_await close();
        open();
        co_await until_loaded();
    }

    [[nodiscard]] runtime::environment& world() { return node_.current(); }
    runtime::awaitable<void> pause(runtime::duration span) { return universe_.sleep_for(span); }

    /// Starts something and goes on without waiting for it.
    void aside(runtime::awaitable<void> work) { asides_.spawn(std::move(work)); }
    runtime::awaitable<void> asides_done() { return asides_.join(); }

    runtime::sim::world universe_{1};
    runtime::sim::node& node_;
    runtime::scope asides_{universe_.get_executor()};

  private:
    static runtime::awaitable<void> live_until_killed(runtime::environment& world) {
        for (;;) co_await world.sleep_for(std::chrono::hours(1));
    }

    runtime::awaitable<void> until_loaded() { return pause(std::chrono::milliseconds(1)); }

    runtime::awaitable<void> open_and_close(std::function<runtime::awaitable<void>()> body) {
        open();
        co_await until_loaded();
        co_await body();
        co_await asides_.cancel_and_join();
        co_await close();
    }
};

}  // namespace verdikt::broker::coordinator
