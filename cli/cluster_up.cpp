#include "cli/cluster_up.h"

#include "broker/quorum/storage_format.h"
#include "cli/cluster_folder.h"
#include "cli/cluster_health.h"
#include "cli/local_processes.h"
#include "cli/record_text.h"
#include "cli/tool.h"
#include "nemesis/labs/cluster_id.h"
#include "nemesis/labs/free_ports.h"
#include "runtime/deadline.h"

#include <fmt/format.h>

#include <cstdio>
#include <limits>

namespace verdikt::cli {

namespace {

using namespace std::chrono_literals;
using nemesis::labs::local_cluster;
using nemesis::labs::local_node;
using runtime::real::process_end;

/// A broker that is asked to end hands its leaderships over first, for up to twice ten seconds.
constexpr std::chrono::seconds stop_grace = 25s;
constexpr std::chrono::seconds echo_max = 1s;
constexpr std::chrono::seconds start_patience = 60s;
constexpr std::chrono::milliseconds start_look_interval = 100ms;
constexpr std::chrono::milliseconds look_interval = 1s;
constexpr std::size_t log_lines_shown = 10;

/// What is read by programs must not wait in a buffer.
void say(const std::string& line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
}

void report_end(const local_node& node, const process_end& end) {
    fmt::print(stderr,
               "node {} ended {}; its log: {}\n",
               node.id,
               describe(end),
               node.log_file().string());
    if (end.signal != 0) return;  // From outside; its log knows nothing of that.
    for (const std::string& line : last_lines(node.log_file(), log_lines_shown)) {
        fmt::print(stderr, "    {}\n", line);
    }
}

runtime::awaitable<std::vector<std::uint16_t>> chosen_ports(runtime::environment& world,
                                                            const cluster_up_options& options) {
    const auto count = 2 * static_cast<std::size_t>(options.brokers);
    if (options.first_port == 0) {
        auto ports = co_await nemesis::labs::free_ports(world, count);
        if (!ports) throw tool_failure(ports.error());
        co_return std::move(*ports);
    }
    std::vector<std::uint16_t> ports;
    ports.reserve(count);
    for (std::size_t at = 0; at < count; ++at) {
        ports.push_back(static_cast<std::uint16_t>(options.first_port + static_cast<int>(at)));
    }
    co_return ports;
}

/// A folder that is used again keeps the cluster that it has.
runtime::awaitable<std::string> cluster_id_of(runtime::environment& world,
                                              std::filesystem::path data) {
    const auto known = co_await broker::quorum::read_identity(world, std::move(data));
    if (!known) throw tool_failure(known.error());
    const auto& identity = *known;
    co_return identity ? identity->cluster_id : nemesis::labs::draw_cluster_id(world.random());
}

runtime::awaitable<local_cluster> plan(runtime::environment& world,
                                       const cluster_up_options& options,
                                       std::filesystem::path folder) {
    const auto ports = co_await chosen_ports(world, options);
    local_cluster cluster = nemesis::labs::plan_cluster("", folder, ports, options.overrides);
    cluster.cluster_id = co_await cluster_id_of(world, cluster.nodes.front().data());
    co_return cluster;
}

client::client_config admin_settings(const local_cluster& cluster) {
    auto parsed = client::client_config::parse(client::role::admin,
                                               {{"bootstrap.servers", cluster.bootstrap_servers()},
                                                {"client.id", "verdikt-cluster"},
                                                {"request.timeout.ms", "2000"},
                                                {"default.api.timeout.ms", "3000"}});
    if (!parsed) throw tool_failure(parsed.error());
    return std::move(*parsed);
}

/// Returns once every node is active. Throws tool_failure if one ends, or it takes too long.
runtime::awaitable<void> wait_until_active(runtime::environment& world,
                                           client::admin& admin,
                                           local_processes& nodes,
                                           std::size_t wanted) {
    const auto until = world.now() + start_patience;
    std::optional<cluster_health> health;
    while (!health || !health->controller || health->active_brokers.size() < wanted) {
        if (nodes.running() < wanted) throw tool_failure("the cluster did not start");
        if (world.now() >= until) {
            throw tool_failure("the cluster did not start in time: " + describe(health, wanted));
        }
        co_await runtime::with_deadline(
            world, world.now() + start_look_interval, nodes.changed().wait());
        health = co_await look_at_health(admin);
    }
}

/// Tells of every change, until no node is left.
runtime::awaitable<int> show_health(runtime::environment& world,
                                    client::admin& admin,
                                    local_processes& nodes,
                                    const local_cluster& cluster) {
    co_await wait_until_active(world, admin, nodes, cluster.nodes.size());
    say("BROKERS=" + cluster.bootstrap_servers());
    std::string shown;
    while (nodes.running() != 0) {
        const std::string now = describe(co_await look_at_health(admin), cluster.nodes.size());
        if (now != shown) say(now);
        shown = now;
        co_await runtime::with_deadline(world, world.now() + look_interval, nodes.changed().wait());
    }
    throw tool_failure("no node is left");
}

runtime::awaitable<void> run_nodes(runtime::real::world& world,
                                   local_processes& nodes,
                                   const cluster_up_options& options,
                                   std::filesystem::path folder) {
    const local_cluster cluster = co_await plan(world, options, folder);
    nodes.start(cluster);
    fmt::print(stderr, "logs: {}/node-*/broker.log\n", folder.string());
    co_await with_client<client::admin>(world, admin_settings(cluster), [&](client::admin& admin) {
        return show_health(world, admin, nodes, cluster);
    });
}

runtime::awaitable<void> end_within(runtime::environment& world,
                                    local_processes& nodes,
                                    runtime::instant deadline) {
    co_await runtime::with_deadline(world, deadline, nodes.ask_to_end());
}

runtime::awaitable<int> run_until_terminated(runtime::real::world& world,
                                             const cluster_up_options& options) {
    const cluster_folder folder(options.folder);
    local_processes nodes(world, report_end);
    std::exception_ptr failure;
    try {
        co_await until_terminated(world, run_nodes(world, nodes, options, folder.path()));
    } catch (...) {
        failure = std::current_exception();
    }
    // A second signal cuts the good order short, but not one that came with the first: who signals
    // a process and then its group, as timeout(1) does, signals us twice.
    const auto begun = world.now();
    do {
        co_await until_terminated(world, end_within(world, nodes, begun + stop_grace));
    } while (nodes.running() != 0 && world.now() < begun + echo_max);
    if (nodes.running() != 0) fmt::print(stderr, "killing {} nodes\n", nodes.running());
    co_await nodes.kill();
    if (failure) std::rethrow_exception(failure);
    co_return 0;
}

void check(const cluster_up_options& options) {
    constexpr std::int32_t brokers_max = 99;
    constexpr int port_max = std::numeric_limits<std::uint16_t>::max();
    if (options.brokers > brokers_max) {
        throw bad_arguments(fmt::format("--brokers: at most {} on one machine", brokers_max));
    }
    if (options.first_port + 2 * options.brokers - 1 > port_max) {
        throw bad_arguments("--port: each node takes two ports from there on, and there are none");
    }
    (void)settings_of(options.overrides);
}

}  // namespace

int run_cluster(const cluster_up_options& options) {
    check(options);
    return run_tool(
        [&](runtime::real::world& world) { return run_until_terminated(world, options); });
}

}  // namespace verdikt::cli
