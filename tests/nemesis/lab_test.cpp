#include "nemesis/roles/client_roles.h"
#include "tests/nemesis/in_lab.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using namespace nemesis;

/// All of it together, as each of the two.
class lab_as : public lab_test, public testing::WithParamInterface<identity> {
  protected:
    void SetUp() override {
        const std::string reason = obstacle(GetParam());
        if (!reason.empty()) GTEST_SKIP() << reason;
    }
};

INSTANTIATE_TEST_SUITE_P(as,
                         lab_as,
                         testing::Values(identity::root, identity::user),
                         [](const auto& each) { return to_text(each.param); });

TEST_F(lab_here, a_broker_is_killed_paused_stopped_and_comes_back) {
    in_lab([](runtime::real::world& world, lab& where) -> runtime::awaitable<void> {
        const std::int32_t node = co_await controller_of(world, where);
        const evidence killed = co_await applied(where, 1, {node, kill_process{}});
        EXPECT_TRUE(killed.bit);
        EXPECT_TRUE(killed.text.ends_with("ended by signal 9 (Killed)")) << killed.text;
        EXPECT_EQ(co_await where.is_running(node), false);
        EXPECT_FALSE(co_await connects(where, clients_host, node));
        co_await healed(where, 1, node);
        EXPECT_EQ(co_await where.is_running(node), true);
        (void)co_await controller_of(world, where);

        EXPECT_TRUE((co_await applied(where, 2, {node, pause_process{}})).bit);
        const auto again = co_await where.apply(3, {node, kill_process{}}, 1s);
        EXPECT_EQ(again.error(), "another fault of its kind is open on this host");
        co_await world.sleep_for(100ms);
        EXPECT_GE((co_await healed(where, 2, node)).counts.at("paused_ms"), 100);

        const evidence stopped = co_await applied(where, 4, {node, stop_process{}});
        EXPECT_TRUE(stopped.text.ends_with("ended with exit code 0")) << stopped.text;
        co_await healed(where, 4, node);
        EXPECT_TRUE((co_await applied(where, 5, {node, restart_process{}})).bit);
    });
}

TEST_F(lab_here, a_fault_heals_by_itself_where_nobody_heals_it) {
    in_lab([](runtime::real::world& world, lab& where) -> runtime::awaitable<void> {
        (void)co_await controller_of(world, where);
        const auto cut = co_await where.apply(1, {1, drop_packets{.from = {2}}}, 300ms);
        const auto kill = co_await where.apply(2, {3, kill_process{}}, 300ms);
        EXPECT_TRUE(cut.has_value() && kill.has_value());
        co_await world.sleep_for(600ms);
        EXPECT_TRUE(co_await connects(where, 2, 1));
        EXPECT_EQ(co_await where.is_running(3), true);
    });
}

TEST_P(lab_as, a_drawn_schedule_bites_and_heals) {
    in_lab(GetParam(), [](runtime::real::world& world, lab& where) -> runtime::awaitable<void> {
        (void)co_await controller_of(world, where);
        draw_options options{.faults = {fault_kind::kill,
                                        fault_kind::pause,
                                        fault_kind::partition_one,
                                        fault_kind::partition_ring,
                                        fault_kind::packet_loss},
                             .span = 13s,
                             .pause_mean = 150ms,
                             .fault_mean = 500ms};
        const schedule drawn = draw_schedule(options, 4);
        EXPECT_TRUE(refusals(drawn, where).empty());
        roles::client_roles asked(world, where.bootstrap_servers(), node_set(where));
        std::vector<step_event> events;
        co_await run_schedule(
            world, drawn, where, asked, [&](const step_event& each) { events.push_back(each); });
        co_await asked.close();
        std::set<fault_kind> bit;
        for (const step_event& each : events) {
            EXPECT_NE(each.phase, step_phase::failed) << to_text(each.what) << each.detail;
            if (each.bit()) bit.insert(each.what.kind);
        }
        EXPECT_GE(bit.size(), 4U);
    });
}

TEST_P(lab_as, nothing_is_left_when_the_harness_is_killed) {
    // The harness kills itself; its init, and with that the kernel, ends what it had started.
    const auto path = folder_.path() / "lab";
    const int code = exit_code_as(
        GetParam(), true, [&](runtime::real::world& world) -> runtime::awaitable<void> {
            const auto where = three_brokers(world, path);
            const auto started = co_await where->start();
            if (started) ::kill(::getpid(), SIGKILL);
            co_await where->stop();
        });
    EXPECT_EQ(code, 128 + SIGKILL);
    EXPECT_TRUE(std::filesystem::exists(path / "node-3" / "broker.log"));
    EXPECT_TRUE(processes_with(folder_.path().string()).empty());
}

TEST(process_lab, needs_no_namespaces_and_refuses_what_it_cannot_do) {
    const shared_folder folder;
    run_as(identity::user, false, [&](runtime::real::world& world) -> runtime::awaitable<void> {
        const auto where = three_brokers(world, folder.path() / "lab", false);
        co_await within(
            world, *where, [](runtime::real::world& in, lab& nodes) -> runtime::awaitable<void> {
                const std::int32_t node = co_await controller_of(in, nodes);
                EXPECT_FALSE(nodes.refusal(fault_kind::kill).has_value());
                EXPECT_EQ(nodes.refusal(fault_kind::partition_one),
                          "the nodes share this machine's network; use the lab 'local'");
                EXPECT_EQ(nodes.refusal(fault_kind::disk_read_only),
                          "the nodes share this machine's disk");
                EXPECT_TRUE((co_await applied(nodes, 1, {node, kill_process{}})).bit);
                co_await healed(nodes, 1, node);
                EXPECT_TRUE((co_await applied(nodes, 2, {node, pause_process{}})).bit);
                co_await healed(nodes, 2, node);
            });
    });
    EXPECT_TRUE(processes_with(folder.path().string()).empty());
}

}  // namespace
}  // namespace verdikt::tests
