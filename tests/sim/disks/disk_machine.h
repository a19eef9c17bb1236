/// One broker of a small cluster, on a machine whose log directories are disks of their own.
#pragma once

#include "broker/server/broker.h"
#include "broker/server/broker_config.h"
#include "broker/server/node_services.h"
#include "runtime/environment.h"
#include "runtime/sim/world.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace verdikt::tests {

inline constexpr int brokers_of_cluster = 3;

/// "b1:9092" and so on: what clients are given.
[[nodiscard]] std::vector<std::string> addresses_of_cluster();

/// Lives as long as the world that its broker runs in.
class disk_machine {
  public:
    /// Node `number`, from 1, with so many log directories. The metadata log lies in the first.
    disk_machine(runtime::sim::world& universe, int number, int directories);
    disk_machine(const disk_machine&) = delete;
    disk_machine& operator=(const disk_machine&) = delete;

    void set(std::string key, std::string value) { config_.set(key, std::move(value)); }

    void start();
    /// Boots it again if it has ended.
    void restart_if_down();

    [[nodiscard]] runtime::sim::node& machine() { return machine_; }
    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] int directories() const { return static_cast<int>(disks_.size()); }
    [[nodiscard]] runtime::sim::disk& disk(int which) { return *disks_.at(which); }
    void hang();
    void thaw();
    void heal();
    /// Puts an empty disk in the place of that one. Requires: not running.
    void replace_disk(int which);

    /// Null unless the broker is up and serves.
    [[nodiscard]] const broker::server::node_services* services() const;
    /// Why lives ended that nobody cut short.
    [[nodiscard]] const std::vector<std::string>& failures() const { return failures_; }

  private:
    runtime::awaitable<void> run(runtime::environment& world);
    runtime::awaitable<void> serve(broker::server::broker& node);
    [[nodiscard]] std::filesystem::path directory(int which) const;

    int number_;
    runtime::sim::node& machine_;
    std::vector<runtime::sim::disk*> disks_;
    broker::server::broker_config config_;
    broker::server::broker* live_ = nullptr;
    std::vector<std::string> failures_;
};

}  // namespace verdikt::tests
