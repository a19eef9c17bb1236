/// Two ends of one connection, both in the test's hands.
#pragma once

#include "runtime/environment.h"
#include "runtime/scope.h"

#include <gtest/gtest.h>

#include <memory>

namespace verdikt::runtime {

struct connection {
    std::unique_ptr<listener> listening;
    std::unique_ptr<stream> client;
    std::unique_ptr<stream> server;
};

inline awaitable<void> accept_one(listener& from, std::unique_ptr<stream>& accepted) {
    auto outcome = co_await from.accept();
    EXPECT_TRUE(outcome.has_value());
    if (outcome.has_value()) accepted = std::move(*outcome);
}

inline awaitable<connection> connect_pair(environment& world, endpoint at) {
    connection pair;
    auto listening = co_await world.net().listen(at);
    EXPECT_TRUE(listening.has_value());
    pair.listening = std::move(*listening);
    scope accepting(world.get_executor());
    accepting.spawn(accept_one(*pair.listening, pair.server));
    auto connected = co_await world.net().connect(pair.listening->local());
    EXPECT_TRUE(connected.has_value());
    pair.client = std::move(*connected);
    co_await accepting.join();
    co_return pair;
}

}  // namespace verdikt::runtime
