#include "nemesis/labs/local_lab.h"

#include "nemesis/agent/packet_rules.h"
#include "nemesis/agent/run_program.h"
#include "nemesis/labs/agent_lab.h"
#include "nemesis/labs/cluster_id.h"
#include "nemesis/labs/free_ports.h"
#include "nemesis/labs/local_cluster.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <system_error>

namespace verdikt::nemesis::labs {

namespace {

using nlohmann::json;
using outcome = std::expected<void, std::string>;

constexpr std::uint16_t broker_port = 9092;
constexpr std::uint16_t controller_port = 9093;
constexpr std::string_view network = "10.77.0.";
constexpr std::int32_t clients_number = 254;
constexpr std::string_view device = "eth0";

std::string address_of(std::int32_t host) {
    return fmt::format("{}{}", network, host == clients_host ? clients_number : host);
}

outcome write_properties(const local_cluster& cluster, const local_node& node) {
    std::error_code failed;
    std::filesystem::create_directories(node.folder, failed);
    std::ofstream file(node.properties_file(), std::ios::trunc);
    file << properties_of(cluster, node);
    file.close();
    if (!file) return std::unexpected("cannot write " + node.properties_file().string());
    return {};
}

/// What both kinds share: brokers of this machine, told by files in one folder.
class machine_lab : public agent_lab {
  public:
    machine_lab(runtime::real::world& world, local_lab_options options)
        : agent_lab(world), options_(std::move(options)) {
        options_.folder = std::filesystem::absolute(options_.folder);
        if (options_.program.empty()) options_.program = runtime::real::own_program();
    }

    [[nodiscard]] std::vector<std::int32_t> nodes() const override {
        std::vector<std::int32_t> ids;
        for (std::int32_t id = 1; id <= options_.nodes; ++id) ids.push_back(id);
        return ids;
    }
    [[nodiscard]] std::string bootstrap_servers() const override {
        return cluster_.bootstrap_servers();
    }
    [[nodiscard]] std::filesystem::path folder_of(std::int32_t node) const override {
        return options_.folder / fmt::format("node-{}", node);
    }
    reply<void> start() override {
        auto begun = co_await begin();
        if (!begun) co_return begun;
        co_return co_await ask_nodes("start");
    }
    runtime::awaitable<void> stop() override {
        if (has_hosts()) co_await end_hosts();
    }

  protected:
    /// Everything but the brokers.
    virtual reply<void> begin() = 0;

    [[nodiscard]] const local_lab_options& options() const { return options_; }
    [[nodiscard]] local_cluster& cluster() { return cluster_; }

    outcome plan(const std::vector<std::uint16_t>& ports) {
        cluster_ = plan_cluster(
            draw_cluster_id(world().random()), options_.folder, ports, options_.overrides);
        return {};
    }

    outcome write_all() {
        for (const local_node& node : cluster_.nodes) {
            if (auto written = write_properties(cluster_, node); !written) return written;
        }
        return {};
    }

    outcome launch(std::int32_t host, std::vector<std::string> arguments) {
        try {
            add_host(
                host,
                std::make_unique<agent_link>(world(),
                                             options_.program,
                                             std::move(arguments),
                                             options_.folder / fmt::format("agent-{}.log", host)));
        } catch (const std::system_error& error) {
            return std::unexpected(error.what());
        }
        return {};
    }

    [[nodiscard]] agent::host_setup setup_of(const local_node& node) const {
        return {.self = node.id,
                .addresses = {{node.id, node.host}},
                .ports = {node.broker_port, node.controller_port},
                .device = {},
                .disk = node.data().string(),
                .disk_bytes = 0,
                .broker = {options_.program.string(),
                           "broker",
                           "--config",
                           node.properties_file().string()},
                .output = node.log_file().string()};
    }

  private:
    local_lab_options options_;
    local_cluster cluster_;
};

class local_lab final : public machine_lab {
  public:
    using machine_lab::machine_lab;

    [[nodiscard]] std::string name() const override { return "local"; }

  protected:
    reply<void> begin() override {
        if (auto prepared = prepare(); !prepared) co_return prepared;
        auto probed = co_await ask(1, {{"do", "probe"}});
        if (!probed) co_return std::unexpected(probed.error());
        take_in(agent::lacking_from(*probed));
        for (const local_node& node : cluster().nodes) {
            auto done = co_await set_up(node);
            if (!done) co_return done;
        }
        const agent::host_setup clients{.self = clients_host, .addresses = addresses()};
        auto done = co_await ask(
            clients_host,
            {{"do", "set-up"}, {"host", agent::to_json(clients)}, {"network", json::array()}});
        if (!done) co_return std::unexpected(done.error());
        co_return outcome();
    }

  private:
    outcome prepare() {
        std::vector<std::uint16_t> ports(static_cast<std::size_t>(options().nodes), broker_port);
        ports.insert(ports.end(), static_cast<std::size_t>(options().nodes), controller_port);
        if (auto planned = plan(ports); !planned) return planned;
        for (local_node& node : cluster().nodes) node.host = address_of(node.id);
        if (auto written = write_all(); !written) return written;
        const auto bridge = agent::run_or_reason(
            {"ip", "-batch", "-"},
            fmt::format("link add br0 type bridge\naddr add {}/24 dev br0\nlink set br0 up\n",
                        address_of(clients_host)));
        if (!bridge) return std::unexpected(bridge.error());
        for (const local_node& node : cluster().nodes) {
            if (auto launched = launch(node.id, {"agent", "--host"}); !launched) return launched;
        }
        return launch(clients_host, {"agent"});
    }

    void take_in(agent::lacking found) {
        if (options().disk_bytes == 0) {
            const std::string none = "the nodes were given no disks of their own";
            found.emplace(capability::bounded_disk, none);
            found.emplace(capability::forced_read_only, none);
        }
        found.emplace(capability::clients, "the workload does not let its clients be crashed");
        lacks(std::move(found));
    }

    [[nodiscard]] agent::host_addresses addresses() {
        agent::host_addresses all{{clients_host, address_of(clients_host)}};
        for (const local_node& node : cluster().nodes) all.emplace(node.id, node.host);
        return all;
    }

    reply<void> set_up(local_node node) {
        // An agent that answers has its own network; before that, the device would stay in ours.
        const auto there = co_await ask(node.id, {{"do", "running"}});
        if (!there) co_return std::unexpected(there.error());
        const auto joined =
            agent::run_or_reason({"ip", "-batch", "-"},
                                 fmt::format("link add v{} type veth peer name {} netns {}\n"
                                             "link set v{} master br0 up\n",
                                             node.id,
                                             device,
                                             process_of(node.id),
                                             node.id));
        if (!joined) co_return std::unexpected(joined.error());
        agent::host_setup setup = setup_of(node);
        setup.addresses = addresses();
        setup.device = device;
        setup.disk_bytes = options().disk_bytes;
        const std::vector<std::vector<std::string>> commands{
            {"ip", "addr", "add", node.host + "/24", "dev", std::string(device)},
            {"ip", "link", "set", std::string(device), "up"}};
        const auto done = co_await ask(
            node.id, {{"do", "set-up"}, {"host", agent::to_json(setup)}, {"network", commands}});
        if (!done) co_return std::unexpected(done.error());
        co_return outcome();
    }
};

class process_lab final : public machine_lab {
  public:
    using machine_lab::machine_lab;

    [[nodiscard]] std::string name() const override { return "processes"; }

  protected:
    reply<void> begin() override {
        const std::string shared = "the nodes share this machine's network; use the lab 'local'";
        lacks({{capability::packets, shared},
               {capability::connections, shared},
               {capability::bandwidth, shared},
               {capability::latency, shared},
               {capability::bounded_disk, "the nodes share this machine's disk"},
               {capability::forced_read_only, "the nodes share this machine's disk"},
               {capability::clients, "the workload does not let its clients be crashed"}});
        const auto count = 2 * static_cast<std::size_t>(options().nodes);
        const auto ports = co_await free_ports(world(), count);
        if (!ports) co_return std::unexpected(ports.error());
        if (auto planned = plan(*ports); !planned) co_return planned;
        if (auto written = write_all(); !written) co_return written;
        for (const local_node& node : cluster().nodes) {
            if (auto launched = launch(node.id, {"agent"}); !launched) co_return launched;
            const auto done = co_await ask(node.id,
                                           {{"do", "set-up"},
                                            {"host", agent::to_json(setup_of(node))},
                                            {"network", json::array()}});
            if (!done) co_return std::unexpected(done.error());
        }
        co_return outcome();
    }
};

}  // namespace

std::unique_ptr<lab> make_local_lab(runtime::real::world& world, local_lab_options options) {
    return std::make_unique<local_lab>(world, std::move(options));
}

std::unique_ptr<lab> make_process_lab(runtime::real::world& world, local_lab_options options) {
    return std::make_unique<process_lab>(world, std::move(options));
}

}  // namespace verdikt::nemesis::labs
