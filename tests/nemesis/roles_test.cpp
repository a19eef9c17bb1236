#include "client/producer.h"
#include "nemesis/roles/client_roles.h"
#include "tests/nemesis/in_lab.h"
#include "workloads/clients.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using namespace nemesis;

using nodes = std::expected<std::vector<std::int32_t>, std::string>;

const kafka::topic_partition partition{.topic = "orders", .partition = kafka::partition_index(0)};

/// Asks until somebody holds the role, or for ten seconds.
runtime::awaitable<nodes> who(runtime::real::world& world, lab& where, std::string text) {
    roles::client_roles asked(world, where.bootstrap_servers(), node_set(where));
    const selector wanted = *parse_selector(text);
    const auto until = world.now() + 10s;
    nodes found;
    do {
        const cluster_view view = co_await asked.look(wanted);
        runtime::random_source random(1);
        found = resolve(wanted, view, random);
        if (!found) co_await world.sleep_for(50ms);
    } while (!found && world.now() < until);
    co_await asked.close();
    EXPECT_TRUE(found.has_value()) << text << ": " << found.error();
    co_return found;
}

/// One transaction, in which a group commits: both have a coordinator from then on.
runtime::awaitable<void> commit_something(runtime::real::world& world, lab& where) {
    client::producer writer(world, workloads::producer_settings(load_of(where), "test", "id"));
    const auto ready = co_await writer.init_transactions();
    EXPECT_TRUE(ready.has_value()) << ready.error().message();
    if (ready) {
        EXPECT_TRUE(writer.begin_transaction().has_value());
        const auto given = co_await writer.send_offsets_to_transaction(
            {{partition, {.offset = kafka::offset(0)}}}, {.group_id = "readers"});
        EXPECT_TRUE(given.has_value()) << given.error().message();
        EXPECT_TRUE((co_await writer.commit_transaction()).has_value());
    }
    co_await writer.close();
}

TEST_F(lab_here, roles_are_aimed_at_who_holds_them_just_then) {
    in_lab([](runtime::real::world& world, lab& where) -> runtime::awaitable<void> {
        const auto made = co_await make_topic(world, where, "orders", 30s);
        EXPECT_TRUE(made.has_value()) << made.error();
        co_await commit_something(world, where);
        EXPECT_EQ((co_await who(world, where, "group-coordinator:readers"))->size(), 1U);
        EXPECT_EQ((co_await who(world, where, "transaction-coordinator:id"))->size(), 1U);

        const std::int32_t leader = (co_await who(world, where, "leader:orders/0"))->front();
        const nodes followers = co_await who(world, where, "followers:orders/0");
        EXPECT_EQ(followers->size(), 2U);
        EXPECT_EQ(std::ranges::count(*followers, leader), 0);
        const nodes in_sync = co_await who(world, where, "in-sync:orders/0");
        EXPECT_EQ(std::ranges::count(*followers, in_sync->front()), 1);

        // Whoever leads dies: another leads then, and it lags itself.
        co_await applied(where, 1, {leader, kill_process{}});
        EXPECT_EQ(co_await who(world, where, "lagging:orders/0"), nodes({leader}));
        EXPECT_NE(co_await who(world, where, "leader:orders/0"), nodes({leader}));
        const std::int32_t controller = co_await controller_of(world, where);
        EXPECT_NE(controller, leader);
        EXPECT_EQ(co_await who(world, where, "controller"), nodes({controller}));
        co_await healed(where, 1, leader);
    });
}

runtime::awaitable<std::vector<step_event>> run_steps(runtime::real::world& world,
                                                      lab& where,
                                                      std::vector<step> steps) {
    roles::client_roles asked(world, where.bootstrap_servers(), node_set(where));
    std::vector<step_event> events;
    co_await run_schedule(
        world, {.seed = 1, .steps = std::move(steps)}, where, asked, [&](const step_event& each) {
            events.push_back(each);
        });
    co_await asked.close();
    co_return events;
}

TEST_F(lab_here, the_controller_alone_is_cut_off_and_another_takes_over) {
    in_lab([](runtime::real::world& world, lab& where) -> runtime::awaitable<void> {
        const std::int32_t before = co_await controller_of(world, where);
        const auto events = co_await run_steps(
            world,
            where,
            {{.at = 0s,
              .lasts = 6s,
              .what = {.kind = fault_kind::partition_one, .target = {.who = role::controller}}}});
        EXPECT_EQ(events.size(), 2U);
        EXPECT_EQ(events.front().targets, std::vector{before});
        EXPECT_EQ(events.front().hosts.size(), 3U);
        EXPECT_TRUE(events.back().bit());
        EXPECT_NE(co_await controller_of(world, where), before);
    });
}

TEST_F(lab_here, every_broker_in_turn_is_restarted_and_the_cluster_is_whole) {
    in_lab([](runtime::real::world& world, lab& where) -> runtime::awaitable<void> {
        const auto made = co_await make_topic(world, where, "orders", 30s);
        EXPECT_TRUE(made.has_value()) << made.error();
        const auto events = co_await run_steps(
            world, where, {{.at = 0s, .what = {.kind = fault_kind::rolling_restart}}});
        EXPECT_EQ(events.size(), 1U);
        EXPECT_EQ(events.front().phase, step_phase::began) << events.front().detail;
        EXPECT_EQ(events.front().hosts.size(), 3U);
        for (const auto& [host, seen] : events.front().hosts) {
            EXPECT_TRUE(seen.text.contains("ended with exit code 0, started again")) << seen.text;
        }
        const auto whole = co_await make_topic(world, where, "orders", 30s);
        EXPECT_TRUE(whole.has_value()) << whole.error();
    });
}

}  // namespace
}  // namespace verdikt::tests
