/// Three brokers that are controllers too, each a process of its own, which can be killed, paused
/// and started again in their places.
///
/// Requires: used inside `runtime::real::run`, on its loop; no wait is under way when it is
/// destroyed. The processes end with it.
#pragma once

#include "runtime/awaitable.h"
#include "runtime/environment.h"
#include "runtime/real/child_process.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::bench {

class broker_cluster {
  public:
    /// Starts all of them. `overrides` are settings, key=value, for every broker; everything else
    /// is as it comes, but for what a cluster must be told.
    broker_cluster(runtime::environment& world,
                   std::filesystem::path directory,
                   std::vector<std::string> overrides = {});

    /// host:port,host:port,...
    [[nodiscard]] std::vector<std::string> bootstrap_servers() const;
    [[nodiscard]] std::vector<std::int32_t> nodes() const;

    /// Requires: it does not run.
    void start(std::int32_t node);
    void send_signal(std::int32_t node, int number);
    /// Returns once the process is gone.
    runtime::awaitable<void> wait_for_end(std::int32_t node);

  private:
    struct member {
        std::uint16_t port = 0;
        std::uint16_t controller_port = 0;
        std::optional<runtime::real::child_process> process;
    };

    [[nodiscard]] std::vector<std::string> arguments_of(std::int32_t node) const;

    runtime::environment& world_;
    std::filesystem::path directory_;
    std::vector<std::string> overrides_;
    std::string host_;
    std::map<std::int32_t, member> members_;
};

}  // namespace verdikt::bench
