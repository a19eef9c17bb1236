#include "nemesis/labs/local_cluster.h"

#include "runtime/check.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::nemesis::labs {

namespace {

std::string voters_of(const local_cluster& cluster) {
    std::vector<std::string> voters;
    for (const local_node& each : cluster.nodes) {
        voters.push_back(fmt::format("{}@{}:{}", each.id, each.host, each.controller_port));
    }
    return fmt::format("{}", fmt::join(voters, ","));
}

}  // namespace

std::string local_cluster::bootstrap_servers() const {
    std::vector<std::string> addresses;
    for (const local_node& each : nodes) {
        addresses.push_back(fmt::format("{}:{}", each.host, each.broker_port));
    }
    return fmt::format("{}", fmt::join(addresses, ","));
}

local_cluster plan_cluster(std::string cluster_id,
                           const std::filesystem::path& folder,
                           const std::vector<std::uint16_t>& ports,
                           std::vector<std::string> overrides) {
    CHECK(!ports.empty() && ports.size() % 2 == 0, "{} ports", ports.size());
    local_cluster cluster{
        .cluster_id = std::move(cluster_id), .nodes = {}, .overrides = std::move(overrides)};
    const std::size_t count = ports.size() / 2;
    for (std::size_t at = 0; at < count; ++at) {
        const auto id = static_cast<std::int32_t>(at) + 1;
        cluster.nodes.push_back({.id = id,
                                 .host = "127.0.0.1",
                                 .broker_port = ports[at],
                                 .controller_port = ports[count + at],
                                 .folder = folder / fmt::format("node-{}", id)});
    }
    return cluster;
}

std::string properties_of(const local_cluster& cluster, const local_node& node) {
    const std::size_t replicas = std::min<std::size_t>(3, cluster.nodes.size());
    const std::size_t in_sync = replicas == 3 ? 2 : 1;
    std::string text = fmt::format(
        "node.id={}\n"
        "cluster.id={}\n"
        "process.roles=broker,controller\n"
        "listeners=PLAINTEXT://{}:{},CONTROLLER://{}:{}\n"
        "controller.listener.names=CONTROLLER\n"
        "controller.quorum.voters={}\n"
        "log.dirs={}\n"
        "default.replication.factor={}\n"
        "offsets.topic.replication.factor={}\n"
        "transaction.state.log.replication.factor={}\n"
        "transaction.state.log.min.isr={}\n"
        "min.insync.replicas={}\n"
        "group.initial.rebalance.delay.ms=0\n",
        node.id,
        cluster.cluster_id,
        node.host,
        node.broker_port,
        node.host,
        node.controller_port,
        voters_of(cluster),
        node.data().string(),
        replicas,
        replicas,
        replicas,
        in_sync,
        in_sync);
    for (const std::string& each : cluster.overrides) text += each + "\n";
    return text;
}

}  // namespace verdikt::nemesis::labs
