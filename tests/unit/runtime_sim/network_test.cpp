#include "tests/unit/runtime_sim/two_nodes.h"

namespace verdikt::runtime::sim {
namespace {

class sim_network_test : public two_nodes {};

constexpr link_settings exact{.delay = 10ms, .jitter = 0ns, .bytes_per_second = 0};

awaitable<void> wait_for_end(environment&, stream& with) {
    std::vector<std::byte> byte(1);
    (void)co_await with.read_some(byte);
}

TEST_F(sim_network_test, bytes_take_the_delay_of_their_link) {
    universe.network().set_default_link(exact);
    serve(echo);
    ask([](environment& env, stream& with) -> awaitable<void> {
        EXPECT_EQ(env.now(), instant(20ms));
        EXPECT_TRUE((co_await send_text(with, "ping")).has_value());
        EXPECT_EQ(env.now(), instant(20ms));
        EXPECT_EQ(co_await receive_text(with, 1), "p");
        EXPECT_EQ(env.now(), instant(40ms));
        EXPECT_EQ(co_await receive_text(with, 3), "ing");
    });
    finish_client();
}

TEST_F(sim_network_test, a_link_of_its_own_differs_by_direction) {
    universe.network().set_default_link(exact);
    universe.network().set_link(server, client, {.delay = 70ms, .jitter = 0ns});
    serve(echo);
    ask([](environment& env, stream& with) -> awaitable<void> {
        EXPECT_EQ(env.now(), instant(80ms));
        EXPECT_TRUE((co_await send_text(with, "x")).has_value());
        EXPECT_EQ(co_await receive_text(with, 1), "x");
        EXPECT_LT(env.now() - instant(160ms), 1ms);
    });
    finish_client();
}

TEST_F(sim_network_test, bandwidth_stretches_a_large_transfer) {
    universe.network().set_default_link(
        {.delay = 1ms, .jitter = 0ns, .bytes_per_second = 1'000'000});
    serve([](environment&, stream& with) -> awaitable<void> {
        EXPECT_TRUE((co_await send_text(with, std::string(2'000'000, 'x'))).has_value());
    });
    ask([](environment& env, stream& with) -> awaitable<void> {
        EXPECT_EQ((co_await receive_text(with, 2'000'000)).size(), 2'000'000U);
        EXPECT_GE(env.now(), instant(2s));
        EXPECT_LT(env.now(), instant(2100ms));
    });
    finish_client();
}

TEST_F(sim_network_test, a_writer_waits_while_its_peer_reads_nothing) {
    universe.network().set_buffer_bytes(10'000);
    serve([](environment& env, stream& with) -> awaitable<void> {
        co_await env.sleep_for(5s);
        EXPECT_EQ((co_await receive_text(with, 25'000)).size(), 25'000U);
    });
    ask([](environment& env, stream& with) -> awaitable<void> {
        EXPECT_TRUE((co_await send_text(with, std::string(10'000, 'a'))).has_value());
        EXPECT_LT(env.now(), instant(1s));
        EXPECT_TRUE((co_await send_text(with, std::string(15'000, 'b'))).has_value());
        EXPECT_GE(env.now(), instant(5s));
    });
    finish_client();
}

TEST_F(sim_network_test, reads_are_sometimes_shorter_than_what_is_there) {
    universe.network().set_short_read_chance(1);
    serve(echo);
    ask([](environment&, stream& with) -> awaitable<void> {
        std::string sent;
        for (int letter = 0; letter < 2000; ++letter) sent.push_back(char('a' + letter % 26));
        EXPECT_TRUE((co_await send_text(with, sent)).has_value());
        EXPECT_EQ(co_await receive_text(with, sent.size()), sent);
    });
    finish_client();
    EXPECT_GT(universe.network().counted().short_reads, 0U);
}

TEST_F(sim_network_test, two_connections_over_one_link_overtake_each_other) {
    universe.network().set_default_link({.delay = 1ms, .jitter = 10ms});
    std::string order;
    serve([&order](environment&, stream& with) -> awaitable<void> {
        order += co_await receive_text(with, 1);
    });
    client.start([](environment& env) -> awaitable<void> {
        std::vector<std::unique_ptr<stream>> streams;
        for (int count = 0; count < 10; ++count) {
            auto made = co_await env.net().connect({.host = "server", .port = server_port});
            streams.push_back(std::move(*made));
        }
        for (int which = 0; which < 10; ++which) {
            const auto index = static_cast<std::size_t>(which);
            EXPECT_TRUE((co_await send_text(*streams[index], std::string(1, char('0' + which))))
                            .has_value());
        }
        co_await env.sleep_for(1s);
    });
    finish_client();
    EXPECT_EQ(order.size(), 10U);
    EXPECT_FALSE(std::ranges::is_sorted(order));
}

TEST_F(sim_network_test, a_cut_that_heals_soon_only_delays) {
    serve(echo);
    ask([this](environment& env, stream& with) -> awaitable<void> {
        universe.network().cut(client, server);
        EXPECT_TRUE((co_await send_text(with, "late")).has_value());
        const bool early =
            co_await with_deadline(env, env.now() + 5s, [](stream& from) -> awaitable<void> {
                (void)co_await receive_text(from, 4);
            }(with));
        EXPECT_FALSE(early);
        universe.network().heal(client, server);
        EXPECT_EQ(co_await receive_text(with, 4), "late");
    });
    finish_client();
    EXPECT_GT(universe.network().counted().pieces_held, 0U);
}

TEST_F(sim_network_test, a_cut_that_lasts_breaks_the_sender_and_leaves_the_receiver_in_the_dark) {
    bool server_noticed = false;
    serve([&](environment& env, stream& with) -> awaitable<void> {
        co_await wait_for_end(env, with);
        server_noticed = true;
    });
    ask([this](environment& env, stream& with) -> awaitable<void> {
        universe.network().cut(client, server);
        const instant began = env.now();
        EXPECT_TRUE((co_await send_text(with, "lost")).has_value());
        std::vector<std::byte> buffer(10);
        const auto got = co_await with.read_some(buffer);
        EXPECT_EQ(got, std::unexpected(errc::connection_lost));
        EXPECT_GE(env.now() - began, 15s);
        EXPECT_EQ((co_await send_text(with, "more")).error(), errc::connection_lost);
    });
    finish_client();
    universe.run_for(1h);
    EXPECT_FALSE(server_noticed);
}

TEST_F(sim_network_test, a_cut_of_the_way_back_loses_the_answer_but_not_the_request) {
    std::string received;
    serve([&](environment&, stream& with) -> awaitable<void> {
        received = co_await receive_text(with, 7);
        (void)co_await send_text(with, "answer");
        std::vector<std::byte> byte(1);
        EXPECT_EQ(co_await with.read_some(byte), std::unexpected(errc::connection_lost));
    });
    ask([this](environment&, stream& with) -> awaitable<void> {
        universe.network().cut(server, client);
        EXPECT_TRUE((co_await send_text(with, "request")).has_value());
        std::vector<std::byte> buffer(10);
        EXPECT_EQ(co_await with.read_some(buffer), std::unexpected(errc::connection_lost));
    });
    finish_client();
    EXPECT_EQ(received, "request");
    universe.run_for(1h);
}

TEST_F(sim_network_test, an_isolated_node_reaches_nobody_but_itself) {
    serve(echo);
    universe.network().isolate(client);
    client.start([this](environment& env) -> awaitable<void> {
        const auto listening = co_await env.net().listen({.host = "localhost", .port = 0});
        const auto own = co_await env.net().connect((*listening)->local());
        EXPECT_TRUE(own.has_value());
        const auto made = co_await env.net().connect({.host = "server", .port = server_port});
        EXPECT_EQ(made.error(), errc::unreachable);
        EXPECT_GE(env.now(), instant(127s));
        universe.network().heal_all();
        const auto later = co_await env.net().connect({.host = "server", .port = server_port});
        EXPECT_TRUE(later.has_value());
    });
    finish_client();
}

TEST_F(sim_network_test, a_reset_breaks_both_ends_at_once) {
    std::size_t broken = 0;
    serve([&](environment&, stream& with) -> awaitable<void> {
        std::vector<std::byte> byte(1);
        broken += co_await with.read_some(byte) == std::unexpected(errc::connection_lost) ? 1 : 0;
    });
    ask([&](environment&, stream& with) -> awaitable<void> {
        universe.network().reset_connections(client, server);
        std::vector<std::byte> byte(1);
        broken += co_await with.read_some(byte) == std::unexpected(errc::connection_lost) ? 1 : 0;
    });
    finish_client();
    universe.run_for(1s);
    EXPECT_EQ(broken, 2U);
    EXPECT_EQ(universe.network().counted().broken, 2U);
}

TEST_F(sim_network_test, when_one_end_breaks_the_other_learns_of_it_by_sending) {
    serve([](environment& env, stream& with) -> awaitable<void> {
        co_await env.sleep_for(10s);
        EXPECT_TRUE((co_await send_text(with, "hello?")).has_value());
        std::vector<std::byte> byte(1);
        EXPECT_EQ(co_await with.read_some(byte), std::unexpected(errc::connection_lost));
        EXPECT_LT(env.now(), instant(11s));
    });
    ask([this](environment& env, stream& with) -> awaitable<void> {
        universe.network().reset_one_end(client, server);
        EXPECT_EQ((co_await send_text(with, "x")).error(), errc::connection_lost);
        co_await env.sleep_for(20s);
    });
    finish_client();
}

TEST_F(sim_network_test, a_connection_is_refused_where_nobody_listens_or_by_order) {
    client.start([this](environment& env) -> awaitable<void> {
        const endpoint there{.host = "server", .port = server_port};
        EXPECT_EQ((co_await env.net().connect(there)).error(), errc::refused);
        serve(echo);
        EXPECT_TRUE((co_await env.net().connect(there)).has_value());
        universe.network().refuse_connections(server, true);
        EXPECT_EQ((co_await env.net().connect(there)).error(), errc::refused);
        universe.network().refuse_connections(server, false);
        EXPECT_TRUE((co_await env.net().connect(there)).has_value());
        EXPECT_EQ((co_await env.net().connect({.host = "nobody", .port = 1})).error(),
                  errc::unreachable);
    });
    finish_client();
    EXPECT_EQ(universe.network().counted().refused, 2U);
}

TEST_F(sim_network_test, a_silent_node_that_comes_up_answers_the_request_sent_again) {
    universe.network().set_down_behaviour(server, down_behaviour::silent);
    client.start([](environment& env) -> awaitable<void> {
        const auto made = co_await env.net().connect({.host = "server", .port = server_port});
        EXPECT_TRUE(made.has_value());
        EXPECT_GE(env.now(), instant(4s));
        EXPECT_LT(env.now(), instant(10s));
    });
    universe.run_for(4s);
    serve(echo);
    finish_client();
}

TEST_F(sim_network_test, the_peers_of_a_crashed_process_are_told_at_once) {
    serve(echo);
    ask([this](environment& env, stream& with) -> awaitable<void> {
        server.crash();
        std::vector<std::byte> byte(1);
        EXPECT_EQ(co_await with.read_some(byte), std::unexpected(errc::connection_lost));
        EXPECT_LT(env.now(), instant(10ms));
        const auto again = co_await env.net().connect({.host = "server", .port = server_port});
        EXPECT_EQ(again.error(), errc::refused);
    });
    finish_client();
}

TEST_F(sim_network_test, the_peers_of_a_machine_without_power_hear_nothing_until_it_is_back) {
    serve(echo);
    ask([this](environment& env, stream& with) -> awaitable<void> {
        server.power_loss();
        EXPECT_TRUE((co_await send_text(with, "anyone?")).has_value());
        const auto listen = [](stream& from) -> awaitable<void> {
            std::vector<std::byte> byte(1);
            EXPECT_EQ(co_await from.read_some(byte), std::unexpected(errc::connection_lost));
        };
        EXPECT_FALSE(co_await with_deadline(env, env.now() + 10s, listen(with)));
        server.restart();
        EXPECT_TRUE(co_await with_deadline(env, env.now() + 1s, listen(with)));
    });
    finish_client();
}

TEST_F(sim_network_test, a_stream_closed_with_unread_bytes_resets_its_peer) {
    serve([](environment& env, stream& with) -> awaitable<void> {
        co_await env.sleep_for(1s);
        with.close();
    });
    ask([](environment&, stream& with) -> awaitable<void> {
        EXPECT_TRUE((co_await send_text(with, "unread")).has_value());
        std::vector<std::byte> byte(1);
        EXPECT_EQ(co_await with.read_some(byte), std::unexpected(errc::connection_lost));
    });
    finish_client();
}

TEST_F(sim_network_test, a_listener_that_closes_resets_those_who_waited_to_be_accepted) {
    server.start([](environment& env) -> awaitable<void> {
        const auto listening = co_await env.net().listen({.host = "", .port = server_port});
        co_await env.sleep_for(1s);
        (*listening)->close();
        co_await env.sleep_for(1s);
    });
    ask([](environment&, stream& with) -> awaitable<void> {
        std::vector<std::byte> byte(1);
        EXPECT_EQ(co_await with.read_some(byte), std::unexpected(errc::connection_lost));
    });
    finish_client();
}

}  // namespace
}  // namespace verdikt::runtime::sim
