/// Listens for clients and other nodes, and holds their connections: how many, from where, and for
/// how long.
///
/// Lives in the broker; owns every connection and joins it.
#pragma once

#include "broker/server/broker_config.h"
#include "broker/server/connection.h"
#include "broker/server/node_services.h"
#include "broker/server/request_memory.h"
#include "runtime/network.h"
#include "runtime/scope.h"

#include <chrono>
#include <cstddef>
#include <expected>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace verdikt::broker::server {

struct client_limits {
    connection_limits each;
    std::size_t connections_max = 10'000;
    std::size_t connections_per_host_max = 2'147'483'647;
};

[[nodiscard]] client_limits client_limits_of(const broker_config& config);

class client_host {
  public:
    /// All references outlive the host.
    client_host(node_services& here, request_memory& memory, client_limits limits);

    /// Takes the address, and lets those who connect wait until `open`. Returns where it listens:
    /// port 0 stands for a free one.
    runtime::awaitable<std::expected<runtime::endpoint, runtime::errc>> bind(
        runtime::endpoint at, served_listener served);
    /// Begins to serve what was bound under that name.
    void open(std::string_view name);

    /// Answers whoever waits for the disk, or closes its connection.
    void abandon_waiting();
    /// From now on (or, false, no longer) who asks for anything but what controllers serve loses
    /// its connection instead of being answered, and so looks for another broker.
    void turn_away(bool turns_away);

    /// Takes no more connections and requests, and gives those under way until `deadline`.
    runtime::awaitable<void> finish(runtime::instant deadline);
    /// Closes everything. Requires: called before destruction.
    runtime::awaitable<void> stop();

    [[nodiscard]] std::size_t connections() const { return open_.size(); }

  private:
    /// One listener. Connections refer to it.
    struct entrance {
        std::unique_ptr<runtime::listener> socket;
        served_listener served;
    };

    runtime::awaitable<void> accept_from(const entrance& through);
    runtime::awaitable<void> serve(std::unique_ptr<runtime::stream> wire,
                                   const served_listener& through);
    runtime::awaitable<void> watch();
    runtime::awaitable<void> until_empty();
    [[nodiscard]] bool admits(const std::string& host) const;

    node_services& here_;
    request_memory& memory_;
    client_limits limits_;
    std::list<entrance> entrances_;
    std::list<connection*> open_;
    std::map<std::string, std::size_t> by_host_;
    bool turns_away_ = false;
    runtime::notification closed_;
    runtime::scope accepting_;
    runtime::scope serving_;
};

}  // namespace verdikt::broker::server
