#include "client/admin.h"
#include "nemesis/nemesis.h"
#include "nemesis/roles/client_roles.h"
#include "tests/nemesis/isolated.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <memory>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using namespace nemesis;

constexpr std::int64_t disk_bytes = 64 << 20;

std::unique_ptr<lab> three_brokers(runtime::real::world& world,
                                   const std::filesystem::path& folder,
                                   bool own_network = true) {
    const labs::local_lab_options options{.folder = folder,
                                          .nodes = 3,
                                          .overrides = {"broker.session.timeout.ms=3000"},
                                          .disk_bytes = own_network ? disk_bytes : 0,
                                          .program = VERDIKT_PROGRAM};
    return own_network ? labs::make_local_lab(world, options)
                       : labs::make_process_lab(world, options);
}

using lab_body = std::function<runtime::awaitable<void>(runtime::real::world&, lab&)>;

/// Starts the lab, waits until a controller is known, and stops it whatever happens.
runtime::awaitable<void> within(runtime::real::world& world, lab& where, const lab_body& body) {
    const auto started = co_await where.start();
    EXPECT_TRUE(started.has_value()) << started.error();
    if (started) co_await body(world, where);
    co_await where.stop();
}

std::set<std::int32_t> node_set(const lab& where) {
    const auto nodes = where.nodes();
    return {nodes.begin(), nodes.end()};
}

runtime::awaitable<std::int32_t> controller_of(runtime::real::world& world, lab& where) {
    roles::client_roles asked(world, where.bootstrap_servers(), node_set(where));
    cluster_view view;
    const auto until = world.now() + 20s;
    while (!view.controller && world.now() < until) {
        view = co_await asked.look({.who = role::controller});
    }
    co_await asked.close();
    EXPECT_TRUE(view.controller.has_value()) << "no controller in time";
    co_return view.controller.value_or(1);
}

/// Whether a connection from one host to another's broker comes about.
runtime::awaitable<bool> connects(lab& where, std::int32_t from, std::int32_t to) {
    const std::string servers = where.bootstrap_servers();
    std::string address = servers;
    for (std::int32_t at = 1; at < to; ++at) address = address.substr(address.find(',') + 1);
    address = address.substr(0, address.find(','));
    address.replace(address.find(':'), 1, "/");
    const auto ended =
        co_await where.run(from, {"timeout", "1", "bash", "-c", "exec 3<>/dev/tcp/" + address});
    EXPECT_TRUE(ended.has_value()) << ended.error();
    co_return ended && ended->exit_code == 0;
}

runtime::awaitable<evidence> applied(lab& where, act_id act, placed_fault what) {
    const auto done = co_await where.apply(act, std::move(what), 60s);
    EXPECT_TRUE(done.has_value()) << done.error();
    co_return done.value_or(evidence{});
}

runtime::awaitable<evidence> healed(lab& where, act_id act, std::int32_t host) {
    const auto done = co_await where.heal(act, host);
    EXPECT_TRUE(done.has_value()) << done.error();
    co_return done.value_or(evidence{});
}

class lab_test : public testing::Test {
  protected:
    void in_lab(identity who, const lab_body& body) {
        run_as(who, true, [&](runtime::real::world& world) -> runtime::awaitable<void> {
            const auto where = three_brokers(world, folder_.path() / "lab");
            co_await within(world, *where, body);
        });
        EXPECT_TRUE(processes_with(folder_.path().string()).empty());
    }

    shared_folder folder_;
};

/// Each fault alone: as an ordinary user, who can do less, where the kernel allows that.
class lab_here : public lab_test {
  protected:
    void SetUp() override {
        if (obstacle(identity::user).empty()) return;
        who_ = identity::root;
        const std::string reason = obstacle(who_);
        if (!reason.empty()) GTEST_SKIP() << reason;
    }

    void in_lab(const lab_body& body) { lab_test::in_lab(who_, body); }

  private:
    identity who_ = identity::user;
};

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

TEST_F(lab_here, hosts_are_cut_off_as_a_partition_says_and_packets_are_counted) {
    in_lab([](runtime::real::world& world, lab& where) -> runtime::awaitable<void> {
        (void)co_await controller_of(world, where);
        EXPECT_TRUE(co_await connects(where, 2, 1));
        EXPECT_TRUE(co_await connects(where, clients_host, 1));
        // One-way: what 1 receives of 2. A connection needs both ways.
        co_await applied(where, 1, {1, drop_packets{.from = {2}}});
        EXPECT_FALSE(co_await connects(where, 2, 1));
        EXPECT_TRUE(co_await connects(where, 3, 1));
        EXPECT_TRUE(co_await connects(where, clients_host, 1));
        co_await applied(where, 2, {clients_host, drop_packets{.from = {3}}});
        EXPECT_FALSE(co_await connects(where, clients_host, 3));
        const evidence cut = co_await healed(where, 1, 1);
        EXPECT_TRUE(cut.bit) << cut.text;
        EXPECT_GT(cut.counts.at("packets_dropped"), 0);
        EXPECT_TRUE((co_await healed(where, 2, clients_host)).bit);
        EXPECT_TRUE(co_await connects(where, 2, 1));
        EXPECT_TRUE(co_await connects(where, clients_host, 3));
        EXPECT_EQ(co_await healed(where, 1, 1), cut) << "it tells the same again";
    });
}

TEST_F(lab_here, connections_are_refused_and_ended) {
    in_lab([](runtime::real::world& world, lab& where) -> runtime::awaitable<void> {
        (void)co_await controller_of(world, where);
        co_await applied(where, 1, {2, refuse_new_connections{.from = {clients_host}}});
        EXPECT_FALSE(co_await connects(where, clients_host, 2));
        EXPECT_TRUE(co_await connects(where, 3, 2));
        const evidence refused = co_await healed(where, 1, 2);
        EXPECT_GT(refused.counts.at("packets_refused"), 0) << refused.text;
        EXPECT_TRUE(co_await connects(where, clients_host, 2));
        const evidence ended = co_await applied(where, 2, {2, end_connections{.with = {1, 3}}});
        EXPECT_GT(ended.counts.at("connections_ended"), 0) << ended.text;
    });
}

TEST_F(lab_here, packets_are_lost_and_slowed) {
    in_lab([](runtime::real::world& world, lab& where) -> runtime::awaitable<void> {
        (void)co_await controller_of(world, where);
        co_await applied(where, 1, {2, drop_packets{.from = {1, 3}, .percent = 50}});
        co_await applied(where, 2, {1, limit_rate{.kilobits = 100}});
        co_await world.sleep_for(1500ms);
        EXPECT_TRUE((co_await healed(where, 1, 2)).bit);
        const evidence slowed = co_await healed(where, 2, 1);
        EXPECT_TRUE(slowed.counts.contains("packets_held")) << slowed.text;
    });
}

TEST_F(lab_here, a_disk_fills_up_and_has_room_again) {
    in_lab([](runtime::real::world& world, lab& where) -> runtime::awaitable<void> {
        (void)co_await controller_of(world, where);
        EXPECT_FALSE(where.refusal(fault_kind::disk_full).has_value());
        const evidence full = co_await applied(where, 1, {2, fill_disk{}});
        EXPECT_TRUE(full.bit) << full.text;
        co_await healed(where, 1, 2);
        const auto file = (where.folder_of(2) / "data" / "room").string();
        const auto written =
            co_await where.run(2, {"bash", "-c", "head -c 1M /dev/zero > " + file});
        EXPECT_EQ(written->exit_code, 0) << written->errors;
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
                             .span = 5s,
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
