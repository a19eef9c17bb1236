/// Programs in the real world: exit codes, signals, names, addresses.
#include "runtime/real/run.h"

#include "runtime/scope.h"
#include "tests/unit/runtime/bytes.h"
#include "tests/unit/runtime/connection.h"
#include "tests/unit/runtime/real_bench.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <stdexcept>

namespace verdikt::runtime::real {
namespace {

using namespace std::chrono_literals;

TEST(run_in_the_real_world, returns_the_exit_code_of_main) {
    const int code = run({}, [](world& here) -> awaitable<int> {
        co_await here.sleep_for(1ms);
        co_return 42;
    });
    EXPECT_EQ(code, 42);
}

TEST(run_in_the_real_world, logs_the_exception_that_leaves_main) {
    std::FILE* const out = std::tmpfile();
    const int code = run({.log = {.out = out}}, [](world&) -> awaitable<int> {
        throw std::runtime_error("cannot start");
        co_return 0;
    });
    EXPECT_EQ(code, 1);
    std::rewind(out);
    std::string text(4096, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), out));
    std::fclose(out);
    EXPECT_NE(text.find("error program_failed reason=\"cannot start\""), std::string::npos) << text;
}

TEST(run_in_the_real_world, a_signal_to_terminate_is_awaited) {
    const int code = run({}, [](world& here) -> awaitable<int> {
        scope raising(here.get_executor());
        raising.spawn([](world& inner) -> awaitable<void> {
            co_await inner.sleep_for(10ms);
            std::raise(SIGTERM);
        }(here));
        const int number = co_await here.wait_for_termination();
        co_await raising.join();
        co_return number;
    });
    EXPECT_EQ(code, SIGTERM);
}

TEST(run_in_the_real_world, waiting_for_a_signal_can_be_cancelled) {
    const int code = run({}, [](world& here) -> awaitable<int> {
        scope waiting(here.get_executor());
        waiting.spawn([](world& inner) -> awaitable<void> {
            co_await inner.wait_for_termination();
            ADD_FAILURE() << "no signal was sent";
        }(here));
        co_await here.sleep_for(5ms);
        co_await waiting.cancel_and_join();
        co_return 7;
    });
    EXPECT_EQ(code, 7);
}

TEST(random_seed, is_the_one_given_or_the_machine_s) {
    boost::asio::io_context context(1);
    world first(context, {.seed = 5});
    world second(context, {.seed = 5});
    world third(context, {});
    world fourth(context, {});
    EXPECT_EQ(first.random().next(), second.random().next());
    EXPECT_NE(third.random().next(), fourth.random().next());
}

awaitable<void> say_hello(world& here, endpoint listen_at, std::string connect_to) {
    auto listening = co_await here.net().listen(listen_at);
    EXPECT_TRUE(listening.has_value()) << describe(listening.error());
    if (!listening.has_value()) co_return;
    std::unique_ptr<stream> server;
    scope accepting(here.get_executor());
    accepting.spawn(accept_one(**listening, server));
    const auto client =
        co_await here.net().connect({.host = connect_to, .port = (*listening)->local().port});
    EXPECT_TRUE(client.has_value()) << describe(client.error());
    if (!client.has_value()) co_return co_await accepting.cancel_and_join();
    co_await accepting.join();
    EXPECT_TRUE((co_await write_text(**client, "hello")).has_value());
    EXPECT_EQ(text_of(co_await read_up_to(*server, 5)), "hello");
}

TEST(addresses, names_are_looked_up) {
    real_bench bench;
    bench.run(say_hello(bench.world(), {.host = "localhost", .port = 0}, "localhost"));
}

TEST(addresses, the_empty_host_listens_on_every_address) {
    real_bench bench;
    bench.run(say_hello(bench.world(), {.host = "", .port = 0}, "127.0.0.1"));
}

TEST(addresses, numbers_of_version_six_work_where_the_machine_has_it) {
    real_bench bench;
    bench.run([](world& here) -> awaitable<void> {
        const auto probe = co_await here.net().listen({.host = "::1", .port = 0});
        if (!probe.has_value()) co_return;
        EXPECT_EQ((*probe)->local().host, "::1");
        co_await say_hello(here, {.host = "::1", .port = 0}, "::1");
    }(bench.world()));
}

TEST(addresses, nobody_waits_for_a_lookup_that_was_cancelled) {
    real_bench bench;
    bench.run([](world& here) -> awaitable<void> {
        scope connecting(here.get_executor());
        connecting.spawn([](world& inner) -> awaitable<void> {
            co_await inner.net().connect({.host = "localhost", .port = 1});
            co_await inner.sleep_for(1h);
        }(here));
        co_await here.sleep_for(0ms);
        co_await connecting.cancel_and_join();
    }(bench.world()));
}

}  // namespace
}  // namespace verdikt::runtime::real
