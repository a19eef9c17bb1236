#include "broker/link/node_links.h"

#include "kafka/messages/api_versions.h"
#include "kafka/messages/broker_heartbeat.h"
#include "kafka/messages/produce.h"
#include "runtime/notification.h"
#include "runtime/sim/world.h"
#include "tests/request_server/request_server.h"
#include "tests/unit/link/far_node.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace verdikt::broker::link {
namespace {

using namespace std::chrono_literals;
using kafka::messages::broker_heartbeat_request;
using kafka::messages::broker_heartbeat_response;
using tests::asked;
using tests::reaction;
using tests::request_server;
using heartbeat_result = call_result<broker_heartbeat_response>;

/// Answers a heartbeat with its broker id in the throttle time, so that answers can be told apart.
reaction echo(const asked& what) {
    const auto request = what.as<broker_heartbeat_request>();
    return {.bytes =
                what.answered_by(broker_heartbeat_response{.throttle_time_ms = request.broker_id})};
}

class node_links_test : public testing::Test {
  protected:
    using answering = std::function<runtime::awaitable<reaction>(runtime::environment&, asked)>;
    using program = std::function<runtime::awaitable<void>(runtime::environment&, node_links&)>;

    void serve(answering how) { serve_on(server, std::move(how), &accepted); }

    void serve_on(runtime::sim::node& on, answering how, std::size_t* counter) {
        on.start([how, counter](runtime::environment& env) -> runtime::awaitable<void> {
            request_server serving(env, [&env, &how, counter, &serving](asked what) {
                *counter = serving.accepted();
                return how(env, what);
            });
            co_await serving.serve(server_port);
        });
        universe.settle();
    }

    void serve_echo() {
        serve([](runtime::environment&, asked what) -> runtime::awaitable<reaction> {
            co_return echo(what);
        });
    }

    /// Runs `calls` on the client to its end, then stops the links.
    void run(program calls) {
        client.start([this, calls](runtime::environment& env) -> runtime::awaitable<void> {
            node_links links(env, settings);
            links.set_address(far_node, {.host = "server", .port = server_port});
            co_await calls(env, links);
            co_await links.stop();
        });
        universe.run(client.until_stopped());
        EXPECT_EQ(client.failure(), nullptr);
    }

    static runtime::awaitable<heartbeat_result> beat(node_links& links,
                                                     std::int32_t id,
                                                     channel over = channel::heartbeat,
                                                     runtime::duration timeout = 1s) {
        broker_heartbeat_request request{.broker_id = id};
        co_return co_await links.call<broker_heartbeat_response>(
            {.node = far_node, .over = over}, std::move(request), timeout);
    }

    /// Calls and keeps the result, for calls that are under way together.
    static runtime::awaitable<void> beat_into(node_links& links,
                                              std::int32_t id,
                                              std::vector<heartbeat_result>& results,
                                              runtime::duration timeout = 1s) {
        results.push_back(co_await beat(links, id, channel::heartbeat, timeout));
    }

    static runtime::awaitable<void> beat_large_into(node_links& links,
                                                    std::vector<heartbeat_result>& results) {
        broker_heartbeat_request request{.offline_log_dirs = std::vector<kafka::uuid>(100)};
        results.push_back(co_await links.call<broker_heartbeat_response>(
            {.node = far_node, .over = channel::heartbeat}, std::move(request), 1s));
    }

    static void expect_failure(const heartbeat_result& result, link_errc why, fate of_request) {
        ASSERT_FALSE(result.has_value());
        EXPECT_EQ(result.error().why, why) << describe(result.error().why);
        EXPECT_EQ(result.error().of_request, of_request);
    }

    runtime::sim::world universe{1};
    runtime::sim::node& server = universe.add_node("server");
    runtime::sim::node& client = universe.add_node("client");
    link_settings settings;
    std::size_t accepted = 0;  ///< Connections, when a request was last looked at.
};

TEST_F(node_links_test, calls_under_way_together_get_their_own_answers_over_one_connection) {
    serve_echo();
    run([](runtime::environment& env, node_links& links) -> runtime::awaitable<void> {
        std::vector<heartbeat_result> results;
        runtime::scope calling(env.get_executor());
        for (std::int32_t id = 0; id < 50; ++id) calling.spawn(beat_into(links, id, results));
        co_await calling.join();
        EXPECT_EQ(results.size(), 50U);
        for (std::int32_t id = 0; const heartbeat_result& result : results) {
            EXPECT_TRUE(result.has_value());
            if (result) EXPECT_EQ(result->message.throttle_time_ms, id);
            ++id;
        }
    });
    EXPECT_EQ(accepted, 1U);
}

TEST_F(node_links_test, a_node_that_nobody_named_is_not_called) {
    serve_echo();
    run([](runtime::environment&, node_links& links) -> runtime::awaitable<void> {
        links.forget(far_node);
        expect_failure(co_await beat(links, 1), link_errc::unknown_node, fate::certainly_not_sent);
    });
    EXPECT_EQ(accepted, 0U);
}

TEST_F(node_links_test, an_answer_that_is_cut_short_fails_and_the_next_call_gets_a_new_connection) {
    serve([](runtime::environment&, asked what) -> runtime::awaitable<reaction> {
        reaction whole = echo(what);
        if (whole.bytes.size() > 6 && what.as<broker_heartbeat_request>().broker_id == 1) {
            whole.bytes.resize(6);
            whole.hang_up = true;
        }
        co_return whole;
    });
    run([](runtime::environment&, node_links& links) -> runtime::awaitable<void> {
        EXPECT_TRUE((co_await beat(links, 0)).has_value());
        expect_failure(co_await beat(links, 1), link_errc::connection_lost, fate::unknown);
        EXPECT_TRUE((co_await beat(links, 2)).has_value());
    });
    EXPECT_EQ(accepted, 2U);
}

TEST_F(node_links_test, what_is_behind_a_late_answer_fails_with_it_but_other_channels_go_on) {
    serve([](runtime::environment& env, asked what) -> runtime::awaitable<reaction> {
        if (what.as<broker_heartbeat_request>().broker_id == 1) co_await env.sleep_for(1h);
        co_return echo(what);
    });
    run([](runtime::environment& env, node_links& links) -> runtime::awaitable<void> {
        std::vector<heartbeat_result> results;
        runtime::scope calling(env.get_executor());
        calling.spawn(beat_into(links, 1, results, 1s));
        calling.spawn(beat_into(links, 2, results, 10s));
        co_await env.sleep_for(500ms);
        EXPECT_TRUE((co_await beat(links, 3, channel::controller)).has_value());
        co_await calling.join();
        EXPECT_EQ(env.now().time_since_epoch() / 1ms, 1000);
        expect_failure(results.at(0), link_errc::timed_out, fate::unknown);
        expect_failure(results.at(1), link_errc::connection_lost, fate::unknown);
        EXPECT_TRUE((co_await beat(links, 4)).has_value());
    });
}

TEST_F(node_links_test, a_call_without_a_connection_was_certainly_not_sent) {
    run([](runtime::environment&, node_links& links) -> runtime::awaitable<void> {
        expect_failure(co_await beat(links, 1), link_errc::refused, fate::certainly_not_sent);
    });
    serve_echo();
    universe.network().cut_both_ways(server, client);
    run([](runtime::environment&, node_links& links) -> runtime::awaitable<void> {
        expect_failure(co_await beat(links, 1), link_errc::timed_out, fate::certainly_not_sent);
    });
    EXPECT_EQ(accepted, 0U);
}

TEST_F(node_links_test, whoever_repeats_failed_calls_is_slowed_down_until_the_node_is_back) {
    int failures = 0;
    run([&](runtime::environment& env, node_links& links) -> runtime::awaitable<void> {
        while (env.now() < runtime::instant(10s)) {
            expect_failure(co_await beat(links, 1), link_errc::refused, fate::certainly_not_sent);
            ++failures;
        }
        serve_echo();
        const heartbeat_result answer = co_await beat(links, 1);
        EXPECT_TRUE(answer.has_value());
        EXPECT_LE(env.now(), runtime::instant(12s));
    });
    EXPECT_GE(failures, 10'000 / 600);
    EXPECT_LE(failures, 10'000 / 400 + 5);
}

TEST_F(node_links_test, a_connection_that_broke_after_an_answer_is_made_anew_at_once) {
    serve_echo();
    run([this](runtime::environment& env, node_links& links) -> runtime::awaitable<void> {
        EXPECT_TRUE((co_await beat(links, 1)).has_value());
        universe.network().reset_connections(server, client);
        co_await env.sleep_for(1ms);
        const auto before = env.now();
        EXPECT_TRUE((co_await beat(links, 2)).has_value());
        EXPECT_LT(env.now() - before, 5ms);
    });
}

TEST_F(node_links_test, whoever_takes_connections_and_answers_nothing_is_not_stormed) {
    serve([](runtime::environment&, asked) -> runtime::awaitable<reaction> {
        co_return reaction{.hang_up = true};
    });
    int calls = 0;
    run([&](runtime::environment& env, node_links& links) -> runtime::awaitable<void> {
        for (; env.now() < runtime::instant(10s); ++calls) {
            expect_failure(co_await beat(links, 1), link_errc::connection_lost, fate::unknown);
        }
    });
    EXPECT_LE(calls, 40);
}

TEST_F(node_links_test, an_answer_to_another_request_breaks_the_connection) {
    serve([](runtime::environment&, asked what) -> runtime::awaitable<reaction> {
        if (what.as<broker_heartbeat_request>().broker_id == 1) ++what.correlation;
        co_return echo(what);
    });
    run([](runtime::environment&, node_links& links) -> runtime::awaitable<void> {
        expect_failure(co_await beat(links, 1), link_errc::malformed_answer, fate::unknown);
        EXPECT_TRUE((co_await beat(links, 2)).has_value());
    });
}

TEST_F(node_links_test, an_answer_that_does_not_decode_is_an_error_of_its_own) {
    serve([](runtime::environment&, asked what) -> runtime::awaitable<reaction> {
        reaction whole = echo(what);
        if (what.as<broker_heartbeat_request>().broker_id == 1) {
            whole.bytes.resize(whole.bytes.size() - 3);
            whole.bytes[3] = static_cast<std::byte>(whole.bytes.size() - 4);
        }
        co_return whole;
    });
    run([](runtime::environment&, node_links& links) -> runtime::awaitable<void> {
        expect_failure(co_await beat(links, 1), link_errc::malformed_answer, fate::unknown);
        EXPECT_TRUE((co_await beat(links, 2)).has_value());
    });
    EXPECT_EQ(accepted, 1U);
}

TEST_F(node_links_test, an_answer_larger_than_allowed_breaks_the_connection) {
    settings.answer_size_max = 8;
    serve_echo();
    run([](runtime::environment&, node_links& links) -> runtime::awaitable<void> {
        expect_failure(co_await beat(links, 1), link_errc::malformed_answer, fate::unknown);
    });
}

TEST_F(node_links_test, a_field_that_the_version_lacks_is_not_sent) {
    serve_echo();
    run([](runtime::environment&, node_links& links) -> runtime::awaitable<void> {
        broker_heartbeat_request request{.offline_log_dirs = {kafka::uuid{}}};
        const auto answer = co_await links.call<broker_heartbeat_response>(
            {.node = far_node, .over = channel::heartbeat}, std::move(request), 1s, 0);
        expect_failure(answer, link_errc::not_expressible, fate::certainly_not_sent);
    });
}

TEST_F(node_links_test, more_calls_than_allowed_are_turned_away) {
    settings.calls_max = 3;
    serve_echo();
    run([](runtime::environment& env, node_links& links) -> runtime::awaitable<void> {
        std::vector<heartbeat_result> results;
        runtime::scope calling(env.get_executor());
        for (std::int32_t id = 0; id < 4; ++id) calling.spawn(beat_into(links, id, results));
        co_await calling.join();
        expect_failure(results.at(0), link_errc::too_many_calls, fate::certainly_not_sent);
        EXPECT_TRUE(results.at(1).has_value() && results.at(2).has_value() &&
                    results.at(3).has_value());
    });
}

TEST_F(node_links_test, a_peer_that_reads_nothing_costs_its_callers_their_time_and_no_more) {
    universe.network().set_buffer_bytes(4'000);
    settings.calls_max = 20;
    serve([](runtime::environment& env, asked what) -> runtime::awaitable<reaction> {
        if (what.as<broker_heartbeat_request>().offline_log_dirs.empty()) co_return echo(what);
        co_await env.sleep_for(1h);
        co_return reaction{};
    });
    run([](runtime::environment& env, node_links& links) -> runtime::awaitable<void> {
        std::vector<heartbeat_result> results;
        runtime::scope calling(env.get_executor());
        for (int id = 0; id < 20; ++id) calling.spawn(beat_large_into(links, results));
        co_await calling.join();
        EXPECT_EQ(env.now().time_since_epoch() / 1ms, 1000);
        EXPECT_EQ(results.size(), 20U);
        for (const heartbeat_result& result : results) EXPECT_FALSE(result.has_value());
        EXPECT_TRUE((co_await beat(links, 1)).has_value());
    });
}

TEST_F(node_links_test, a_caller_that_is_cancelled_disturbs_nobody) {
    serve([](runtime::environment& env, asked what) -> runtime::awaitable<reaction> {
        co_await env.sleep_for(100ms);
        co_return echo(what);
    });
    run([](runtime::environment& env, node_links& links) -> runtime::awaitable<void> {
        std::vector<heartbeat_result> abandoned;
        std::vector<heartbeat_result> results;
        runtime::scope giving_up(env.get_executor());
        runtime::scope calling(env.get_executor());
        giving_up.spawn(beat_into(links, 1, abandoned));
        calling.spawn(beat_into(links, 2, results));
        co_await env.sleep_for(50ms);
        co_await giving_up.cancel_and_join();
        co_await calling.join();
        EXPECT_TRUE(abandoned.empty());
        EXPECT_TRUE(results.at(0).has_value());
        if (results.at(0)) EXPECT_EQ(results.at(0)->message.throttle_time_ms, 2);
    });
    EXPECT_EQ(accepted, 1U);
}

TEST_F(node_links_test, a_node_that_moved_is_called_where_it_is_now) {
    runtime::sim::node& other = universe.add_node("other");
    std::size_t other_accepted = 0;
    serve([](runtime::environment& env, asked what) -> runtime::awaitable<reaction> {
        co_await env.sleep_for(1h);
        co_return echo(what);
    });
    serve_on(
        other,
        [](runtime::environment&, asked what) -> runtime::awaitable<reaction> {
            co_return echo(what);
        },
        &other_accepted);
    run([](runtime::environment& env, node_links& links) -> runtime::awaitable<void> {
        std::vector<heartbeat_result> results;
        runtime::scope calling(env.get_executor());
        calling.spawn(beat_into(links, 1, results, 10s));
        co_await env.sleep_for(100ms);
        links.set_address(far_node, {.host = "other", .port = server_port});
        EXPECT_TRUE((co_await beat(links, 2)).has_value());
        co_await calling.join();
        EXPECT_LT(env.now(), runtime::instant(200ms));
        expect_failure(results.at(0), link_errc::connection_lost, fate::unknown);
    });
    EXPECT_EQ(other_accepted, 1U);
}

TEST_F(node_links_test, stopping_fails_what_is_under_way_and_all_later_calls) {
    serve([](runtime::environment& env, asked what) -> runtime::awaitable<reaction> {
        co_await env.sleep_for(1h);
        co_return echo(what);
    });
    run([](runtime::environment& env, node_links& links) -> runtime::awaitable<void> {
        std::vector<heartbeat_result> results;
        runtime::scope calling(env.get_executor());
        calling.spawn(beat_into(links, 1, results, 1h));
        co_await env.sleep_for(100ms);
        co_await links.stop();
        co_await calling.join();
        EXPECT_LT(env.now(), runtime::instant(200ms));
        expect_failure(results.at(0), link_errc::stopped, fate::unknown);
        expect_failure(co_await beat(links, 2), link_errc::stopped, fate::certainly_not_sent);
    });
}

TEST_F(node_links_test, stopping_waits_for_no_connection) {
    universe.network().cut_both_ways(server, client);
    run([](runtime::environment& env, node_links& links) -> runtime::awaitable<void> {
        std::vector<heartbeat_result> results;
        runtime::scope calling(env.get_executor());
        calling.spawn(beat_into(links, 1, results, 1h));
        co_await env.sleep_for(100ms);
        co_await links.stop();
        co_await calling.join();
        EXPECT_LT(env.now(), runtime::instant(200ms));
        expect_failure(results.at(0), link_errc::stopped, fate::certainly_not_sent);
    });
}

}  // namespace
}  // namespace verdikt::broker::link
