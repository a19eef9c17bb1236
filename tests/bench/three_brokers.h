/// Three brokers on this host, each a process of its own, broker and controller at once, as
/// `verdikt cluster up` starts them. They can be killed, paused and started again in their places.
/// Their files are in one directory, which outlives them.
#pragma once

#include "blocking_call.h"
#include "child_process.h"
#include "servers.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::bench {

class three_brokers {
  public:
    static constexpr std::size_t size = 3;

    /// Starts all of them, and returns once each is active and knows the others.
    three_brokers(std::filesystem::path directory, durability mode, placement where);

    // Nodes are numbered from 0 here; their `node.id` is one more.

    void start(std::size_t node);
    /// Returns once it is gone.
    void kill(std::size_t node) { nodes_[node].reset(); }
    /// Controlled shutdown.
    void stop(std::size_t node);
    /// host:port
    [[nodiscard]] std::vector<std::string> bootstrap_servers() const;
    [[nodiscard]] bool is_running(std::size_t node) const { return nodes_[node] != nullptr; }
    /// Requires (all below): it runs.
    [[nodiscard]] child_process& process(std::size_t node) { return *nodes_[node]; }
    [[nodiscard]] std::uint16_t port(std::size_t node) const { return ports_[node]; }
    [[nodiscard]] blocking_caller caller(std::size_t node) const;

    [[nodiscard]] std::filesystem::path data(std::size_t node) const;
    /// A topic of one partition, on all of them, led by the first; returns once it does.
    void create_topic();

    /// Of those that run.
    [[nodiscard]] double cpu_seconds() const;

    /// Until every running node takes requests and knows all running nodes.
    void wait_until_active();

  private:
    [[nodiscard]] bool is_active(std::size_t node) const;

    std::filesystem::path directory_;
    durability mode_;
    std::optional<int> processor_;
    std::array<std::uint16_t, size> ports_;
    std::array<std::uint16_t, size> controller_ports_;
    std::array<std::unique_ptr<child_process>, size> nodes_;
};

/// Calls `done` every few milliseconds until it is true, and returns the seconds that took. Throws
/// if it never is.
double seconds_until(const std::function<bool()>& done);

}  // namespace verdikt::bench
