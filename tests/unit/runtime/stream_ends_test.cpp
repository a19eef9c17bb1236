/// Contract: streams that end, break, or are given up.
#include "runtime/deadline.h"
#include "runtime/scope.h"
#include "tests/unit/runtime/bench.h"
#include "tests/unit/runtime/bytes.h"
#include "tests/unit/runtime/connection.h"

#include <optional>

namespace verdikt::runtime {
namespace {

using namespace std::chrono_literals;

class stream_ends : public world_test {};
INSTANTIATE_TEST_SUITE_P(each_world, stream_ends, testing::ValuesIn(worlds()), name_of_world);

using read_outcome = std::optional<std::expected<std::size_t, errc>>;
using write_outcome = std::optional<std::expected<void, errc>>;

awaitable<void> read_once(stream& from, read_outcome& outcome) {
    std::array<std::byte, 16> into{};
    outcome = co_await from.read_some(into);
}

awaitable<void> write_until_it_ends(stream& to, write_outcome& outcome) {
    const std::vector<std::byte> bytes = pattern(1024UL * 1024);
    const const_bytes piece = bytes;
    std::expected<void, errc> last;
    while (last.has_value()) last = co_await to.write({&piece, 1});
    outcome = last;
}

TEST_P(stream_ends, the_peer_s_close_reads_as_the_end_after_all_that_it_sent) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        connection pair = co_await connect_pair(world, at);
        EXPECT_TRUE((co_await write_text(*pair.client, "last words")).has_value());
        pair.client->close();
        EXPECT_EQ(text_of(co_await read_up_to(*pair.server, 100)), "last words");
        read_outcome outcome;
        co_await read_once(*pair.server, outcome);
        EXPECT_EQ(outcome->value(), 0U);
    }(world(), anywhere()));
}

TEST_P(stream_ends, destroying_a_stream_closes_it) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        connection pair = co_await connect_pair(world, at);
        pair.client.reset();
        read_outcome outcome;
        co_await read_once(*pair.server, outcome);
        EXPECT_EQ(outcome->value(), 0U);
    }(world(), anywhere()));
}

TEST_P(stream_ends, closing_ends_a_pending_read) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        connection pair = co_await connect_pair(world, at);
        read_outcome outcome;
        scope readers(world.get_executor());
        readers.spawn(read_once(*pair.client, outcome));
        co_await world.sleep_for(5ms);
        EXPECT_FALSE(outcome.has_value());
        pair.client->close();
        pair.client->close();
        co_await readers.join();
        EXPECT_EQ(outcome->error(), errc::closed);
    }(world(), anywhere()));
}

TEST_P(stream_ends, closing_ends_a_pending_write) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        connection pair = co_await connect_pair(world, at);
        write_outcome outcome;
        scope writers(world.get_executor());
        writers.spawn(write_until_it_ends(*pair.client, outcome));
        co_await world.sleep_for(20ms);
        EXPECT_FALSE(outcome.has_value());
        pair.client->close();
        co_await writers.join();
        EXPECT_EQ(outcome->error(), errc::closed);
    }(world(), anywhere()));
}

TEST_P(stream_ends, a_closed_stream_refuses_to_work) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        connection pair = co_await connect_pair(world, at);
        pair.client->close();
        read_outcome outcome;
        co_await read_once(*pair.client, outcome);
        EXPECT_EQ(outcome->error(), errc::closed);
        EXPECT_EQ((co_await write_text(*pair.client, "x")).error(), errc::closed);
    }(world(), anywhere()));
}

TEST_P(stream_ends, writing_to_a_peer_that_has_gone_fails_in_the_end) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        connection pair = co_await connect_pair(world, at);
        pair.server->close();
        write_outcome outcome;
        co_await write_until_it_ends(*pair.client, outcome);
        EXPECT_EQ(outcome->error(), errc::connection_lost);
    }(world(), anywhere()));
}

TEST_P(stream_ends, nobody_listening_is_refused) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        auto listening = co_await world.net().listen(at);
        const endpoint gone = (*listening)->local();
        listening->reset();
        const auto connected = co_await world.net().connect(gone);
        EXPECT_EQ(connected.error(), errc::refused);
    }(world(), anywhere()));
}

TEST_P(stream_ends, a_name_that_means_nothing_is_unreachable) {
    run([](environment& world) -> awaitable<void> {
        const auto connected =
            co_await world.net().connect({.host = "no-such-host.invalid", .port = 9092});
        EXPECT_EQ(connected.error(), errc::unreachable);
    }(world()));
}

TEST_P(stream_ends, closing_a_listener_ends_a_pending_accept) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        const auto listening = co_await world.net().listen(at);
        std::optional<errc> outcome;
        scope accepting(world.get_executor());
        accepting.spawn([](listener& from, std::optional<errc>& ended) -> awaitable<void> {
            ended = (co_await from.accept()).error();
        }(**listening, outcome));
        co_await world.sleep_for(5ms);
        EXPECT_FALSE(outcome.has_value());
        (*listening)->close();
        (*listening)->close();
        co_await accepting.join();
        EXPECT_EQ(outcome, errc::closed);
        EXPECT_EQ((co_await (*listening)->accept()).error(), errc::closed);
    }(world(), anywhere()));
}

TEST_P(stream_ends, a_cancelled_read_loses_nothing_of_what_comes_later) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        connection pair = co_await connect_pair(world, at);
        read_outcome outcome;
        scope readers(world.get_executor());
        readers.spawn(read_once(*pair.server, outcome));
        co_await world.sleep_for(5ms);
        co_await readers.cancel_and_join();
        EXPECT_FALSE(outcome.has_value());
        EXPECT_TRUE((co_await write_text(*pair.client, "still here")).has_value());
        EXPECT_EQ(text_of(co_await read_up_to(*pair.server, 10)), "still here");
    }(world(), anywhere()));
}

TEST_P(stream_ends, a_cancelled_write_unwinds) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        connection pair = co_await connect_pair(world, at);
        write_outcome outcome;
        scope writers(world.get_executor());
        writers.spawn(write_until_it_ends(*pair.client, outcome));
        co_await world.sleep_for(20ms);
        co_await writers.cancel_and_join();
        EXPECT_FALSE(outcome.has_value());
    }(world(), anywhere()));
}

TEST_P(stream_ends, a_cancelled_accept_leaves_the_listener_in_service) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        const auto listening = co_await world.net().listen(at);
        std::unique_ptr<stream> accepted;
        scope first(world.get_executor());
        first.spawn(accept_one(**listening, accepted));
        co_await world.sleep_for(5ms);
        co_await first.cancel_and_join();
        EXPECT_EQ(accepted, nullptr);
        scope second(world.get_executor());
        second.spawn(accept_one(**listening, accepted));
        EXPECT_TRUE((co_await world.net().connect((*listening)->local())).has_value());
        co_await second.join();
        EXPECT_NE(accepted, nullptr);
    }(world(), anywhere()));
}

TEST_P(stream_ends, a_connect_can_be_given_up) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        const auto listening = co_await world.net().listen(at);
        scope connecting(world.get_executor());
        bool went_on = false;
        connecting.spawn([](environment& inner, endpoint to, bool& resumed) -> awaitable<void> {
            co_await inner.net().connect(to);
            co_await inner.sleep_for(1h);
            resumed = true;
        }(world, (*listening)->local(), went_on));
        co_await connecting.cancel_and_join();
        EXPECT_FALSE(went_on);
    }(world(), anywhere()));
}

TEST_P(stream_ends, a_read_can_have_a_deadline) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        connection pair = co_await connect_pair(world, at);
        std::array<std::byte, 16> into{};
        const auto nothing =
            co_await with_deadline(world, world.now() + 5ms, pair.server->read_some(into));
        EXPECT_FALSE(nothing.has_value());
        EXPECT_TRUE((co_await write_text(*pair.client, "x")).has_value());
        const auto count =
            co_await with_deadline(world, world.now() + 1h, pair.server->read_some(into));
        EXPECT_EQ(count->value(), 1U);
    }(world(), anywhere()));
}

}  // namespace
}  // namespace verdikt::runtime
