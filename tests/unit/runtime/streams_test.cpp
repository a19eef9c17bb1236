/// Contract: byte streams that work.
#include "runtime/deadline.h"
#include "runtime/scope.h"
#include "tests/unit/runtime/bench.h"
#include "tests/unit/runtime/bytes.h"
#include "tests/unit/runtime/connection.h"

#include <string>

namespace verdikt::runtime {
namespace {

using namespace std::chrono_literals;

class streams : public world_test {};
INSTANTIATE_TEST_SUITE_P(each_world, streams, testing::ValuesIn(worlds()), name_of_world);

TEST_P(streams, a_listener_names_the_port_that_it_was_given) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        const auto first = co_await world.net().listen(at);
        const auto second = co_await world.net().listen(at);
        EXPECT_NE((*first)->local().port, 0);
        EXPECT_NE((*first)->local().port, (*second)->local().port);
        EXPECT_EQ((*first)->local().host, at.host);
    }(world(), anywhere()));
}

TEST_P(streams, a_port_in_use_is_refused) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        const auto first = co_await world.net().listen(at);
        const auto second = co_await world.net().listen((*first)->local());
        EXPECT_EQ(second.error(), errc::address_in_use);
    }(world(), anywhere()));
}

TEST_P(streams, what_is_written_arrives_in_order) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        connection pair = co_await connect_pair(world, at);
        EXPECT_TRUE((co_await write_text(*pair.client, "over ")).has_value());
        EXPECT_TRUE((co_await write_text(*pair.client, "there")).has_value());
        EXPECT_EQ(text_of(co_await read_up_to(*pair.server, 10)), "over there");
        EXPECT_TRUE((co_await write_text(*pair.server, "and back")).has_value());
        EXPECT_EQ(text_of(co_await read_up_to(*pair.client, 8)), "and back");
    }(world(), anywhere()));
}

TEST_P(streams, each_end_knows_the_other) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        connection pair = co_await connect_pair(world, at);
        EXPECT_EQ(pair.client->peer(), pair.listening->local());
        EXPECT_EQ(pair.server->peer().host, at.host);
    }(world(), anywhere()));
}

TEST_P(streams, a_read_takes_what_is_there_and_no_more_than_it_has_room_for) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        connection pair = co_await connect_pair(world, at);
        EXPECT_TRUE((co_await write_text(*pair.client, "abcdef")).has_value());
        EXPECT_EQ(text_of(co_await read_up_to(*pair.server, 2)), "ab");
        std::vector<std::byte> rest(100);
        const auto count = co_await pair.server->read_some(rest);
        EXPECT_EQ(text_of(std::span(rest).first(*count)), "cdef");
    }(world(), anywhere()));
}

TEST_P(streams, pieces_are_gathered_in_order_and_empty_ones_are_skipped) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        connection pair = co_await connect_pair(world, at);
        const std::vector<std::byte> sent = pattern(5000);
        std::vector<const_bytes> pieces;
        // More pieces than one system call takes, an empty one in between.
        for (std::size_t start = 0; start < sent.size(); start += 5) {
            pieces.push_back(std::span(sent).subspan(start, 5));
            pieces.emplace_back();
        }
        EXPECT_TRUE((co_await pair.client->write(pieces)).has_value());
        EXPECT_EQ(co_await read_up_to(*pair.server, sent.size()), sent);
    }(world(), anywhere()));
}

TEST_P(streams, writing_nothing_succeeds) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        connection pair = co_await connect_pair(world, at);
        EXPECT_TRUE((co_await pair.client->write({})).has_value());
        EXPECT_TRUE((co_await write_text(*pair.client, "")).has_value());
        EXPECT_TRUE((co_await write_text(*pair.client, "x")).has_value());
        EXPECT_EQ(text_of(co_await read_up_to(*pair.server, 1)), "x");
    }(world(), anywhere()));
}

awaitable<void> send_all(stream& to, const std::vector<std::byte>& bytes, bool& finished) {
    const const_bytes piece = bytes;
    EXPECT_TRUE((co_await to.write({&piece, 1})).has_value());
    finished = true;
}

TEST_P(streams, a_writer_waits_for_a_slow_reader_and_nothing_is_lost) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        connection pair = co_await connect_pair(world, at);
        const std::vector<std::byte> sent = pattern(32UL * 1024 * 1024);
        bool finished = false;
        scope writers(world.get_executor());
        writers.spawn(send_all(*pair.client, sent, finished));
        co_await world.sleep_for(20ms);
        EXPECT_FALSE(finished);
        EXPECT_TRUE(co_await read_up_to(*pair.server, sent.size()) == sent);
        co_await writers.join();
        EXPECT_TRUE(finished);
    }(world(), anywhere()));
}

TEST_P(streams, both_directions_flow_at_once) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        connection pair = co_await connect_pair(world, at);
        const std::vector<std::byte> sent = pattern(8UL * 1024 * 1024);
        bool client_finished = false;
        bool server_finished = false;
        scope writers(world.get_executor());
        writers.spawn(send_all(*pair.client, sent, client_finished));
        writers.spawn(send_all(*pair.server, sent, server_finished));
        writers.spawn([](stream& from, const std::vector<std::byte>& expected) -> awaitable<void> {
            EXPECT_TRUE(co_await read_up_to(from, expected.size()) == expected);
        }(*pair.client, sent));
        EXPECT_TRUE(co_await read_up_to(*pair.server, sent.size()) == sent);
        co_await writers.join();
    }(world(), anywhere()));
}

TEST_P(streams, a_file_range_is_sent_as_it_is) {
    run([](environment& world, endpoint at, std::filesystem::path directory) -> awaitable<void> {
        connection pair = co_await connect_pair(world, at);
        const std::vector<std::byte> stored = pattern(6UL * 1024 * 1024 + 123);
        const auto file = co_await world.files().open(directory / "segment", open_mode::create);
        const const_bytes piece = stored;
        EXPECT_TRUE((co_await (*file)->write_at(0, {&piece, 1})).has_value());

        scope writers(world.get_executor());
        writers.spawn([](stream& to, runtime::file& from, std::uint64_t size) -> awaitable<void> {
            EXPECT_TRUE((co_await write_text(to, "head")).has_value());
            EXPECT_TRUE((co_await to.write_file(from, 77, size)).has_value());
            EXPECT_TRUE((co_await to.write_file(from, 0, 0)).has_value());
            EXPECT_TRUE((co_await write_text(to, "tail")).has_value());
        }(*pair.client, **file, stored.size() - 77));
        EXPECT_EQ(text_of(co_await read_up_to(*pair.server, 4)), "head");
        const std::vector<std::byte> expected(stored.begin() + 77, stored.end());
        EXPECT_TRUE(co_await read_up_to(*pair.server, expected.size()) == expected);
        EXPECT_EQ(text_of(co_await read_up_to(*pair.server, 4)), "tail");
        co_await writers.join();
    }(world(), anywhere(), directory()));
}

TEST_P(streams, a_file_that_is_too_short_is_an_input_output_error) {
    run([](environment& world, endpoint at, std::filesystem::path directory) -> awaitable<void> {
        connection pair = co_await connect_pair(world, at);
        const auto file = co_await world.files().open(directory / "segment", open_mode::create);
        EXPECT_TRUE((co_await write_text(**file, 0, "short")).has_value());
        const auto outcome = co_await pair.client->write_file(**file, 0, 6);
        EXPECT_EQ(outcome.error(), errc::io_error);
    }(world(), anywhere(), directory()));
}

TEST_P(streams, connections_do_not_mix) {
    run([](environment& world, endpoint at) -> awaitable<void> {
        const auto listening = co_await world.net().listen(at);
        std::vector<connection> pairs;
        for (int count = 0; count < 20; ++count) {
            pairs.push_back(co_await connect_pair(world, at));
            const std::string text = std::to_string(1000 + count);
            EXPECT_TRUE((co_await write_text(*pairs.back().client, text)).has_value());
        }
        for (int count = 19; count >= 0; --count) {
            const auto arrived =
                co_await read_up_to(*pairs[static_cast<std::size_t>(count)].server, 4);
            EXPECT_EQ(text_of(arrived), std::to_string(1000 + count));
        }
    }(world(), anywhere()));
}

}  // namespace
}  // namespace verdikt::runtime
