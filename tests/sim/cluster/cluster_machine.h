/// One broker of the cluster as the program of a simulated node, with a window for those who watch.
#pragma once

#include "broker/server/broker.h"
#include "broker/server/broker_config.h"
#include "broker/server/node_services.h"
#include "kafka/types.h"
#include "runtime/environment.h"
#include "runtime/notification.h"
#include "runtime/sim/node.h"
#include "runtime/sim/world.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::tests {

/// How the cluster of a seed is made.
struct cluster_shape {
    int brokers = 3;
    int controllers = 3;           ///< The first so many brokers are controllers too.
    bool two_directories = false;  ///< On a disk each.
};

/// "b1:9092" and so on: what clients are given.
[[nodiscard]] std::vector<std::string> cluster_addresses(const cluster_shape& shape);
/// The host of node `number`, from 1.
[[nodiscard]] std::string cluster_host(int number);

/// Lives as long as the world that its broker runs in.
class cluster_machine {
  public:
    cluster_machine(runtime::sim::world& universe, const cluster_shape& shape, int number);
    cluster_machine(const cluster_machine&) = delete;
    cluster_machine& operator=(const cluster_machine&) = delete;

    void set(std::string key, std::string value) { config_.set(key, std::move(value)); }

    void start();
    void stop_cleanly();
    /// Whether a log directory has failed or could not be opened: it comes back with the next start
    /// only.
    [[nodiscard]] bool is_maimed() const;

    /// Null unless the broker is up and serves.
    [[nodiscard]] const broker::server::node_services* services() const;
    [[nodiscard]] kafka::node_id id() const { return kafka::node_id(number_); }
    [[nodiscard]] runtime::sim::node& machine() const { return machine_; }
    [[nodiscard]] bool running() const { return machine_.running(); }
    [[nodiscard]] const std::vector<runtime::sim::disk*>& disks() const { return disks_; }
    [[nodiscard]] bool is_starting() const { return phase_ == phase::starting && running(); }
    [[nodiscard]] bool is_stopping() const { return phase_ == phase::stopping && running(); }

    /// Lives that ended as they were asked to, from the request to the last line.
    [[nodiscard]] std::uint64_t clean_ends() const { return clean_ends_; }
    /// Why lives ended that nobody asked to end. With healthy disks there is no good reason.
    [[nodiscard]] const std::vector<std::string>& failures() const { return failures_; }

  private:
    enum class phase { starting, serving, stopping };

    void configure(const cluster_shape& shape);
    runtime::awaitable<void> run(runtime::environment& world);
    runtime::awaitable<void> serve(runtime::environment& world, broker::server::broker& node);
    runtime::awaitable<void> end_when_requested(runtime::scope& serving);
    runtime::awaitable<void> start_and_watch(broker::server::broker& node, runtime::scope& serving);

    int number_;
    runtime::sim::node& machine_;
    std::vector<runtime::sim::disk*> disks_;
    broker::server::broker_config config_;
    runtime::notification stop_requested_;
    broker::server::broker* live_ = nullptr;
    phase phase_ = phase::starting;
    std::uint64_t clean_ends_ = 0;
    std::vector<std::string> failures_;
};

}  // namespace verdikt::tests
