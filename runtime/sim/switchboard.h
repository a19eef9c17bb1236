/// The wires of the simulated world: links between nodes, what is connected over them, who listens.
///
/// Lives in the world. Order is that of creation everywhere, so that a fault which touches many
/// connections touches them in the same order in every run.
#pragma once

#include "runtime/random.h"
#include "runtime/sim/connection.h"
#include "runtime/sim/network_faults.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::runtime::sim {

class process_listener;
class world;

class switchboard {
  public:
    switchboard(world& in, std::uint64_t seed) : world_(in), random_(seed) {}
    switchboard(const switchboard&) = delete;
    switchboard& operator=(const switchboard&) = delete;
    ~switchboard();

    void add_node(std::string name);
    [[nodiscard]] const std::string& name_of(node_index which) const {
        return machines_[which].name;
    }
    [[nodiscard]] std::optional<node_index> resolve(std::string_view host, node_index asker) const;

    // Paths.
    [[nodiscard]] bool path_open(node_index from, node_index to) const;
    /// When something sent now arrives.
    [[nodiscard]] instant arrival(node_index from, node_index to, std::uint64_t size);
    /// How long after a path opened the next retransmission comes.
    [[nodiscard]] duration retransmission_pause();
    void set_machine_up(node_index which, bool up);
    void set_cut(node_index from, node_index to, bool cut);
    void set_isolated(node_index which, bool isolated);
    void heal_all();

    // Connections.
    connection& connect(node_index client, node_index server);
    [[nodiscard]] linked_list<connection>& connections() { return connections_; }

    // Listeners.
    [[nodiscard]] process_listener* listener_at(node_index which, std::uint16_t port) const;
    /// Requires: the port is free.
    void add_listener(node_index which, std::uint16_t port, process_listener& listening);
    void remove_listener(node_index which, std::uint16_t port);
    /// A port that nobody listens at, for a listener or as the near end of a connection.
    std::uint16_t free_port(node_index which);

    struct settings {
        link_settings default_link;
        /// Within one machine nothing is lost and little time passes.
        link_settings loopback{.delay = std::chrono::microseconds(10),
                               .jitter = std::chrono::microseconds(5),
                               .bytes_per_second = 4'000'000'000};
        std::uint64_t buffer_bytes = 256U << 10U;
        double short_read_chance = 0.05;
        duration retransmission_limit = std::chrono::seconds(15);
        duration connect_limit = std::chrono::seconds(127);
    };

    struct machine {
        std::string name;
        bool up = true;
        bool isolated = false;
        bool refuses = false;
        down_behaviour when_down = down_behaviour::refuses;
        std::uint16_t next_port = 0;
        std::map<std::uint16_t, process_listener*> listeners;
    };

    [[nodiscard]] settings& configured() { return settings_; }
    [[nodiscard]] machine& at(node_index which) { return machines_[which]; }
    [[nodiscard]] network_faults::counts& counts() { return counts_; }
    [[nodiscard]] random_source& random() { return random_; }
    [[nodiscard]] world& universe() { return world_; }
    void set_link(node_index from, node_index to, link_settings of_its_own);

  private:
    struct link {
        std::optional<link_settings> of_its_own;
        instant busy_until{};
        bool cut = false;
    };

    [[nodiscard]] link& between(node_index from, node_index to);
    [[nodiscard]] const link& between(node_index from, node_index to) const;
    void tell_connections_of(node_index which);

    world& world_;
    random_source random_;
    settings settings_;
    std::vector<machine> machines_;
    std::vector<std::vector<link>> links_;  ///< By sender, then receiver.
    linked_list<connection> connections_;
    network_faults::counts counts_;
};

}  // namespace verdikt::runtime::sim
