/// One broker of the cluster as the program of a simulated node, with a window for those who watch.
#pragma once

#include "broker/server/broker.h"
#include "broker/server/broker_config.h"
#include "broker/server/node_services.h"
#include "kafka/types.h"
#include "runtime/environment.h"
#include "runtime/notification.h"
#include "runtime/sim/node.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::tests {

inline constexpr int cluster_size = 3;

/// "b1:9092" and so on: what clients are given.
[[nodiscard]] std::vector<std::string> cluster_addresses();
/// The host of node `number`, from 1.
[[nodiscard]] std::string cluster_host(int number);

/// Lives as long as the world that its broker runs in.
class cluster_machine {
  public:
    explicit cluster_machine(int number);

    void set(std::string key, std::string value) { config_.set(key, std::move(value)); }

    /// The program: serves until `stop_cleanly`, or until it cannot.
    runtime::awaitable<void> run(runtime::environment& world);
    void stop_cleanly() { stop_requested_.notify_all(); }

    /// Null unless the broker is up and serves.
    [[nodiscard]] const broker::server::node_services* services() const;
    [[nodiscard]] kafka::node_id id() const { return kafka::node_id(number_); }
    [[nodiscard]] std::uint64_t clean_ends() const { return clean_ends_; }
    /// Why lives ended that nobody asked to end. With healthy disks there is no good reason.
    [[nodiscard]] const std::vector<std::string>& failures() const { return failures_; }

    /// Of the node that it runs on; set by whoever starts it there.
    runtime::sim::node* machine = nullptr;

  private:
    runtime::awaitable<void> serve(runtime::environment& world, broker::server::broker& node);
    runtime::awaitable<void> end_when_requested(runtime::scope& serving);
    runtime::awaitable<void> start_and_watch(broker::server::broker& node, runtime::scope& serving);

    int number_;
    broker::server::broker_config config_;
    runtime::notification stop_requested_;
    broker::server::broker* live_ = nullptr;
    std::uint64_t clean_ends_ = 0;
    std::vector<std::string> failures_;
};

}  // namespace verdikt::tests
