// Three nodes that are broker and controller at once, with the real hosts: what the cluster agrees
// on outlives its controllers.
#include "tests/sim/controller/cluster.h"
#include "tests/sim/for_each_seed.h"

#include <gtest/gtest.h>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using runtime::awaitable;
using outcome = administrator::outcome;

class takeover : public ::testing::Test {
  protected:
    /// Runs `what` as the administrator, while the cluster runs.
    void run(std::uint64_t seed,
             node_settings settings,
             std::function<awaitable<void>(
                 runtime::environment&, runtime::sim::world&, cluster&, administrator&)> what) {
        runtime::sim::world universe(seed);
        cluster nodes(universe, settings);
        nodes.start();
        runtime::sim::node& office = universe.add_node("office");
        office.start([&](runtime::environment& world) -> awaitable<void> {
            administrator admin(world, settings.nodes);
            co_await what(world, universe, nodes, admin);
            co_await admin.stop();
        });
        universe.run(office.until_stopped());
        EXPECT_EQ(office.failure(), nullptr);
        nodes.check_invariants();
        universe.end();
    }
};

TEST_F(takeover, administration_goes_on_after_the_controller_was_killed) {
    runtime::sim::for_each_seed(30, [this](std::uint64_t seed) {
        run(seed,
            {},
            [](runtime::environment& world,
               runtime::sim::world&,
               cluster& nodes,
               administrator& admin) -> awaitable<void> {
                EXPECT_TRUE(co_await nodes.settle(10s));
                EXPECT_EQ(co_await admin.create_topic("before", world.now() + 10s), outcome::done);
                const kafka::node_id killed = nodes.active_controller();
                EXPECT_NE(killed, kafka::no_node);
                nodes.node(killed).crash();
                const auto begun = world.now();
                EXPECT_EQ(co_await admin.create_topic("after", world.now() + 20s), outcome::done);
                EXPECT_LT(world.now() - begun, 8s);
                EXPECT_NE(nodes.active_controller(), killed);
                co_await nodes.node(killed).until_stopped();
                nodes.node(killed).restart();
                EXPECT_TRUE(co_await nodes.settle(20s));
                for (const node_process* each : nodes.processes()) {
                    EXPECT_NE(each->metadata().image().find_topic("before"), nullptr);
                    EXPECT_NE(each->metadata().image().find_topic("after"), nullptr);
                }
            });
    });
}

/// Without the proof of a clean end, the only replica of a partition would have to lead uncleanly.
void expect_all_led_by_complete_replicas(const cluster& nodes) {
    for (const auto& [id, topic] : nodes.processes().front()->metadata().image().topics()) {
        for (const auto& partition : topic.partitions) {
            EXPECT_NE(partition.leader, kafka::no_node) << topic.name;
            EXPECT_EQ(partition.recovery, broker::metadata::recovery_state::recovered)
                << topic.name;
        }
    }
}

TEST_F(takeover, a_rolling_restart_refuses_nothing_and_proves_each_clean_end) {
    runtime::sim::for_each_seed(10, [this](std::uint64_t seed) {
        run(seed,
            {},
            [](runtime::environment& world,
               runtime::sim::world&,
               cluster& nodes,
               administrator& admin) -> awaitable<void> {
                EXPECT_TRUE(co_await nodes.settle(10s));
                for (std::int32_t id = 1; id <= 3; ++id) {
                    const kafka::node_id which(id);
                    nodes.process(which)->request_stop();
                    co_await nodes.node(which).until_stopped();
                    EXPECT_EQ(nodes.node(which).failure(), nullptr);
                    EXPECT_EQ(
                        co_await admin.create_topic(fmt::format("while-{}", id), world.now() + 10s),
                        outcome::done);
                    nodes.node(which).restart();
                    EXPECT_TRUE(co_await nodes.settle(10s));
                    expect_all_led_by_complete_replicas(nodes);
                }
            });
    });
}

TEST_F(takeover, one_that_was_away_for_long_starts_from_a_snapshot) {
    run(1,
        {.snapshot_bytes = 3'000},
        [](runtime::environment& world, runtime::sim::world&, cluster& nodes, administrator& admin)
            -> awaitable<void> {
            EXPECT_TRUE(co_await nodes.settle(10s));
            const kafka::node_id away(nodes.active_controller() == kafka::node_id(3) ? 2 : 3);
            nodes.node(away).crash();
            for (int number = 0; number < 100; ++number) {
                EXPECT_EQ(
                    co_await admin.create_topic(fmt::format("topic-{}", number), world.now() + 10s),
                    outcome::done);
            }
            const auto& leader = nodes.process(nodes.active_controller())->replica().replica();
            EXPECT_FALSE(leader.snapshots().empty());
            EXPECT_GT(leader.log().start().end, kafka::offset(50));
            co_await nodes.node(away).until_stopped();
            nodes.node(away).restart();
            EXPECT_TRUE(co_await nodes.settle(10s));
            EXPECT_GT(nodes.process(away)->replica().replica().log().start().end,
                      kafka::offset(50));
        });
}

TEST_F(takeover, a_node_alone_is_a_cluster) {
    run(1,
        {.nodes = 1},
        [](runtime::environment& world, runtime::sim::world&, cluster& nodes, administrator& admin)
            -> awaitable<void> {
            EXPECT_TRUE(co_await nodes.settle(5s));
            EXPECT_EQ(co_await admin.create_topic("orders", world.now() + 5s), outcome::done);
            nodes.node(kafka::node_id(1)).power_loss();
            co_await nodes.node(kafka::node_id(1)).until_stopped();
            nodes.node(kafka::node_id(1)).restart();
            EXPECT_TRUE(co_await nodes.settle(20s));
            EXPECT_NE(nodes.processes().front()->metadata().image().find_topic("orders"), nullptr);
        });
}

}  // namespace
}  // namespace verdikt::tests
