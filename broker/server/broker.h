/// A whole broker on one node: opens its logs, listens, serves, and shuts down cleanly.
///
///     broker node(world, config);
///     if (auto started = co_await node.start(); !started) ...
///     ...
///     co_await node.stop();
///
/// Runs unchanged in the real world and in the simulated one. `stop` must have returned before the
/// broker is destroyed, also after a failed `start`, and also when the node was killed under it.
#pragma once

#include "broker/server/broker_config.h"
#include "runtime/environment.h"
#include "runtime/network.h"
#include "runtime/notification.h"

#include <expected>
#include <memory>
#include <string>

namespace verdikt::broker::server {

struct metrics;
struct node_services;

class broker {
  public:
    /// `world` outlives the broker.
    broker(runtime::environment& world, broker_config config);
    ~broker();
    broker(const broker&) = delete;
    broker& operator=(const broker&) = delete;

    /// Returns once clients are served. The error is a sentence for the operator.
    runtime::awaitable<std::expected<void, std::string>> start();

    /// Clean shutdown: takes no more requests, finishes those under way (for a bounded time),
    /// flushes and closes the logs. Idempotent.
    runtime::awaitable<void> stop();

    /// Returns when the broker can no longer serve, with the reason: its log directories failed, or
    /// another process has taken its place.
    runtime::awaitable<std::string> until_failed();

    // Requires (all below): started.

    /// Of the first listener, with the port that was chosen.
    [[nodiscard]] runtime::endpoint address() const;
    /// Of the HTTP port; nothing listens there if the port is 0.
    [[nodiscard]] runtime::endpoint metrics_address() const;
    [[nodiscard]] const metrics& measured() const;
    /// For whoever looks into a running broker: tests, fuzzers.
    [[nodiscard]] const node_services& services() const;

  private:
    class parts;
    std::unique_ptr<parts> parts_;
};

/// Starts a broker, serves until `stop_requested` is announced or the disk fails, and stops it,
/// also when cancelled. The error is why it could not start or go on.
runtime::awaitable<std::expected<void, std::string>> run_broker(
    runtime::environment& world, broker_config config, runtime::notification& stop_requested);

}  // namespace verdikt::broker::server
