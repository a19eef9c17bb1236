/// A cluster of broker processes on this machine: what each node is told, and where it keeps it.
///
/// Pure. Every node is broker and controller, on the loopback interface if not told otherwise. Its
/// folder holds its server.properties, its log and its data.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace verdikt::nemesis::labs {

struct local_node {
    std::int32_t id = 0;
    std::string host = "127.0.0.1";
    std::uint16_t broker_port = 0;
    std::uint16_t controller_port = 0;
    std::filesystem::path folder;

    [[nodiscard]] std::filesystem::path properties_file() const {
        return folder / "server.properties";
    }
    [[nodiscard]] std::filesystem::path log_file() const { return folder / "broker.log"; }
    [[nodiscard]] std::filesystem::path data() const { return folder / "data"; }
};

struct local_cluster {
    std::string cluster_id;
    std::vector<local_node> nodes;       ///< By id, from 1.
    std::vector<std::string> overrides;  ///< key=value, for every node; they win.

    /// host:port,host:port for clients.
    [[nodiscard]] std::string bootstrap_servers() const;
};

/// Requires: two ports a node, those for clients first.
[[nodiscard]] local_cluster plan_cluster(std::string cluster_id,
                                         const std::filesystem::path& folder,
                                         const std::vector<std::uint16_t>& ports,
                                         std::vector<std::string> overrides);

/// The node's server.properties. Topics are replicated three times where there are three nodes, and
/// then wait for two.
[[nodiscard]] std::string properties_of(const local_cluster& cluster, const local_node& node);

}  // namespace verdikt::nemesis::labs
