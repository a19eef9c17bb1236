#include "broker/server/end_of_quorum.h"

#include "runtime/deadline.h"
#include "runtime/sim/world.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <string>

namespace verdikt::broker::server {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t port = 9093;

runtime::awaitable<void> listen(runtime::environment& env) {
    const auto door = co_await env.net().listen({.host = {}, .port = port});
    EXPECT_TRUE(door.has_value());
    co_await env.sleep_for(1h);
}

/// Three voters; node 1 wants to leave.
class end_of_quorum_test : public testing::Test {
  protected:
    end_of_quorum_test() {
        second.start(listen);
        third.start(listen);
        universe.settle();
    }

    /// Whether it knows within that time that the quorum has ended.
    bool is_told_within(runtime::duration time) {
        bool told = false;
        leaving.start([&told, time](runtime::environment& env) -> runtime::awaitable<void> {
            std::map<kafka::node_id, runtime::endpoint> voters;
            for (const int node : {1, 2, 3}) {
                voters.emplace(node, runtime::endpoint{.host = std::to_string(node), .port = port});
            }
            told = co_await runtime::with_deadline(
                env, env.now() + time, until_quorum_has_ended(env, kafka::node_id(1), voters));
        });
        universe.run(leaving.until_stopped());
        EXPECT_EQ(leaving.failure(), nullptr);
        return told;
    }

    runtime::sim::world universe{1};
    runtime::sim::node& leaving = universe.add_node("1");
    runtime::sim::node& second = universe.add_node("2");
    runtime::sim::node& third = universe.add_node("3");
};

TEST_F(end_of_quorum_test, a_majority_that_listens_may_elect_and_is_waited_for) {
    EXPECT_FALSE(is_told_within(10s));
    third.crash();
    EXPECT_FALSE(is_told_within(10s)) << "the other and this one are two of three";
}

TEST_F(end_of_quorum_test, without_the_other_processes_there_is_nothing_to_wait_for) {
    second.crash();
    third.crash();
    EXPECT_TRUE(is_told_within(2s));
}

TEST_F(end_of_quorum_test, silence_is_no_end) {
    second.crash();
    universe.network().cut_both_ways(leaving, third);
    EXPECT_FALSE(is_told_within(10s));
}

TEST_F(end_of_quorum_test, one_that_is_started_again_in_time_is_waited_for) {
    second.crash();
    third.crash();
    EXPECT_FALSE(is_told_within(300ms));
    third.start(listen);
    universe.settle();
    EXPECT_FALSE(is_told_within(10s));
}

}  // namespace
}  // namespace verdikt::broker::server
