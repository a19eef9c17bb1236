/// A server and a client, for cases about what happens between them.
#pragma once

#include "runtime/deadline.h"
#include "runtime/sim/world.h"
#include "tests/unit/runtime_sim/bytes.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::runtime::sim {

using namespace std::chrono_literals;

inline constexpr std::uint16_t server_port = 9092;

class two_nodes : public testing::Test {
  protected:
    /// Accepts connections for ever and answers each with a coroutine of its own.
    void serve(std::function<awaitable<void>(environment&, stream&)> answer) {
        server.start([answer](environment& env) -> awaitable<void> {
            const auto listening = co_await env.net().listen({.host = "", .port = server_port});
            scope answering(env.get_executor());
            std::exception_ptr ended;
            try {
                for (;;) {
                    auto accepted = co_await (*listening)->accept();
                    answering.spawn(hold(env, std::move(*accepted), answer));
                }
            } catch (...) {
                ended = std::current_exception();
            }
            co_await answering.cancel_and_join();
            std::rethrow_exception(ended);
        });
        universe.settle();
    }

    /// Runs `talk` on the client over a fresh connection, and returns when it has ended.
    void ask(std::function<awaitable<void>(environment&, stream&)> talk) {
        client.start([talk](environment& env) -> awaitable<void> {
            auto made = co_await env.net().connect({.host = "server", .port = server_port});
            EXPECT_TRUE(made.has_value());
            if (made) co_await talk(env, **made);
        });
    }

    void finish_client() { universe.run(client.until_stopped()); }

    static awaitable<void> echo(environment&, stream& with) {
        std::vector<std::byte> buffer(4096);
        for (;;) {
            const auto got = co_await with.read_some(buffer);
            if (!got || *got == 0) co_return;
            const const_bytes piece = std::span(buffer).first(*got);
            if (!(co_await with.write({&piece, 1})).has_value()) co_return;
        }
    }

    world universe{1};
    node& server = universe.add_node("server");
    node& client = universe.add_node("client");

  private:
    static awaitable<void> hold(environment& env,
                                std::unique_ptr<stream> with,
                                std::function<awaitable<void>(environment&, stream&)> answer) {
        co_await answer(env, *with);
    }
};

}  // namespace verdikt::runtime::sim
