#include "tests/nemesis/in_lab.h"

#include "nemesis/roles/client_roles.h"
#include "workloads/topics.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <utility>

namespace verdikt::tests {

using namespace std::chrono_literals;
using namespace nemesis;

namespace {

constexpr std::int64_t disk_bytes = 64 << 20;

}  // namespace

std::unique_ptr<lab> three_brokers(runtime::real::world& world,
                                   const std::filesystem::path& folder,
                                   bool own_network) {
    const labs::local_lab_options options{.folder = folder,
                                          .nodes = 3,
                                          .overrides = {"broker.session.timeout.ms=3000"},
                                          .disk_bytes = own_network ? disk_bytes : 0,
                                          .program = VERDIKT_PROGRAM};
    return own_network ? labs::make_local_lab(world, options)
                       : labs::make_process_lab(world, options);
}

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

workloads::load_options load_of(const lab& where) {
    workloads::load_options load;
    load.servers.clear();
    std::stringstream servers(where.bootstrap_servers());
    for (std::string each; std::getline(servers, each, ',');) load.servers.push_back(each);
    load.partitions = 2;
    load.replication_factor = 3;
    return load;
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

runtime::awaitable<std::expected<void, std::string>> make_topic(runtime::real::world& world,
                                                                lab& where,
                                                                std::string name,
                                                                runtime::duration patience) {
    const workloads::load_options load = load_of(where);
    const std::vector topics{workloads::topic_of(load, std::move(name))};
    co_return co_await workloads::make_topics(world, load, topics, world.now() + patience);
}

std::string shell_address(const lab& where, std::int32_t node) {
    std::string address = load_of(where).servers.at(static_cast<std::size_t>(node) - 1);
    address.replace(address.find(':'), 1, "/");
    return address;
}

runtime::awaitable<bool> connects(lab& where, std::int32_t from, std::int32_t to) {
    const std::string open = "exec 3<>/dev/tcp/" + shell_address(where, to);
    const auto ended = co_await where.run(from, {"timeout", "1", "bash", "-c", open});
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

void lab_test::in_lab(identity who, const lab_body& body) {
    run_as(who, true, [&](runtime::real::world& world) -> runtime::awaitable<void> {
        const auto where = three_brokers(world, folder_.path() / "lab");
        co_await within(world, *where, body);
    });
    EXPECT_TRUE(processes_with(folder_.path().string()).empty());
}

void lab_here::SetUp() {
    if (obstacle(identity::user).empty()) return;
    who_ = identity::root;
    const std::string reason = obstacle(who_);
    if (!reason.empty()) GTEST_SKIP() << reason;
}

void lab_here::in_lab_with(fault_kind kind, const lab_body& body) {
    // Only a process of its own knows.
    const auto told = folder_.path() / "refused";
    in_lab([&](runtime::real::world& world, lab& where) -> runtime::awaitable<void> {
        if (const auto reason = where.refusal(kind)) {
            std::ofstream(told) << *reason;
            co_return;
        }
        co_await body(world, where);
    });
    std::ifstream file(told);
    std::string reason;
    if (std::getline(file, reason)) GTEST_SKIP() << reason;
}

}  // namespace verdikt::tests
