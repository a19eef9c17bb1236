/// What a caller is told is true, whatever the network does: a call that was certainly not sent
/// was never seen, an answered one was seen once and got its own answer, and none is seen twice.
#include "broker/link/node_links.h"
#include "kafka/messages/broker_heartbeat.h"
#include "runtime/sim/world.h"
#include "tests/request_server/request_server.h"
#include "tests/sim/for_each_seed.h"
#include "tests/unit/link/far_node.h"

#include <gtest/gtest.h>

#include <map>

namespace verdikt::broker::link {
namespace {

using namespace std::chrono_literals;
using kafka::messages::broker_heartbeat_request;
using kafka::messages::broker_heartbeat_response;
using tests::asked;
using tests::reaction;
using tests::request_server;

constexpr int callers = 8;
constexpr int calls_of_each = 60;

enum class told { answered, certainly_not_sent, unknown };

class links_storm {
  public:
    explicit links_storm(std::uint64_t seed) : universe_(seed) {
        universe_.network().set_default_link(
            {.delay = 1ms, .jitter = 2ms, .straggler_chance = 0.02, .straggler_delay = 200ms});
    }

    void run() {
        server_.start([this](runtime::environment& env) -> runtime::awaitable<void> {
            request_server serving(env, [this, &env](asked what) { return answer(env, what); });
            co_await serving.serve(server_port);
        });
        client_.start([this](runtime::environment& env) -> runtime::awaitable<void> {
            co_await call_all(env);
        });
        universe_.run(break_things());
        universe_.run(client_.until_stopped());
        EXPECT_EQ(client_.failure(), nullptr);
    }

    void judge() const {
        ASSERT_EQ(outcomes_.size(), callers * calls_of_each);
        for (const auto& [id, outcome] : outcomes_) {
            const auto found = seen_.find(id);
            const int times = found == seen_.end() ? 0 : found->second;
            EXPECT_LE(times, 1) << "call " << id << " was sent twice";
            if (outcome == told::answered) EXPECT_EQ(times, 1) << "call " << id;
            if (outcome == told::certainly_not_sent) EXPECT_EQ(times, 0) << "call " << id;
            ++counts_[outcome];
        }
    }

    [[nodiscard]] int count(told of) const { return counts_[of]; }

  private:
    runtime::awaitable<reaction> answer(runtime::environment& env, asked what) {
        const auto id = what.as<broker_heartbeat_request>().broker_id;
        ++seen_[id];
        auto& chance = env.random();
        if (chance.chance(0.05)) co_await env.sleep_for(chance.between(1, 400) * 1ms);
        reaction back{.bytes = what.answered_by(broker_heartbeat_response{.throttle_time_ms = id})};
        if (chance.chance(0.02)) {
            back.bytes.resize(chance.below(back.bytes.size()));
            back.hang_up = true;
        }
        co_return back;
    }

    runtime::awaitable<void> call_all(runtime::environment& env) {
        node_links links(env, {.connect_timeout = 300ms});
        links.set_address(far_node, {.host = "server", .port = server_port});
        runtime::scope calling(env.get_executor());
        for (int caller = 0; caller < callers; ++caller)
            calling.spawn(call_many(env, links, caller));
        co_await calling.join();
        co_await links.stop();
    }

    runtime::awaitable<void> call_many(runtime::environment& env, node_links& links, int caller) {
        for (int call = 0; call < calls_of_each; ++call) {
            const std::int32_t id = caller * calls_of_each + call;
            broker_heartbeat_request request{.broker_id = id};
            const auto timeout = env.random().between(20, 500) * 1ms;
            const auto got = co_await links.call<broker_heartbeat_response>(
                {.node = far_node, .over = channel::heartbeat}, std::move(request), timeout);
            outcomes_[id] = outcome_of(got, id);
            co_await env.sleep_for(env.random().between(0, 100) * 1ms);
        }
    }

    static told outcome_of(const call_result<broker_heartbeat_response>& got, std::int32_t id) {
        if (got) {
            EXPECT_EQ(got->message.throttle_time_ms, id) << "somebody else's answer";
            return told::answered;
        }
        const bool sent = got.error().of_request == fate::unknown;
        return sent ? told::unknown : told::certainly_not_sent;
    }

    runtime::awaitable<void> break_things() {
        auto& chance = universe_.random();
        for (int round = 0; round < 20; ++round) {
            co_await universe_.sleep_for(chance.between(10, 600) * 1ms);
            switch (chance.below(5)) {
                case 0:
                    universe_.network().reset_connections(server_, client_);
                    break;
                case 1:
                    universe_.network().cut(server_, client_);
                    break;
                case 2:
                    universe_.network().cut(client_, server_);
                    break;
                case 3:
                    universe_.network().reset_one_end(server_, client_);
                    break;
                default:
                    server_.crash();
                    co_await server_.until_stopped();
                    co_await universe_.sleep_for(chance.between(0, 300) * 1ms);
                    server_.restart();
            }
            co_await universe_.sleep_for(chance.between(10, 300) * 1ms);
            universe_.network().heal_all();
        }
    }

    runtime::sim::world universe_;
    runtime::sim::node& server_ = universe_.add_node("server");
    runtime::sim::node& client_ = universe_.add_node("client");
    std::map<std::int32_t, int> seen_;
    std::map<std::int32_t, told> outcomes_;
    mutable std::map<told, int> counts_;
};

TEST(links_storm_test, callers_are_told_the_truth_whatever_breaks) {
    int not_sent = 0;
    int unknown = 0;
    int answered = 0;
    int runs = 0;
    runtime::sim::for_each_seed(100, [&](std::uint64_t seed) {
        links_storm storm(seed);
        storm.run();
        storm.judge();
        ++runs;
        not_sent += storm.count(told::certainly_not_sent);
        unknown += storm.count(told::unknown);
        answered += storm.count(told::answered);
    });
    if (runs < 20) return;  // A replay of one seed need not meet everything.
    EXPECT_GT(not_sent, runs);
    EXPECT_GT(unknown, runs);
    EXPECT_GT(answered, runs * callers * calls_of_each / 2);
}

}  // namespace
}  // namespace verdikt::broker::link
