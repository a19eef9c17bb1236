/// TCP of the real world.
#pragma once

#include "runtime/network.h"

namespace verdikt::runtime::real {

class tcp_network final : public network {
  public:
    explicit tcp_network(executor loop) : loop_(loop) {}

    /// Takes the first of the host's addresses that lets it, IPv4 before IPv6 where a name has
    /// both; the empty host is every address of the machine.
    awaitable<std::expected<std::unique_ptr<listener>, errc>> listen(endpoint at) override;
    /// Tries the host's addresses one after the other.
    awaitable<std::expected<std::unique_ptr<stream>, errc>> connect(endpoint to) override;

  private:
    executor loop_;
};

}  // namespace verdikt::runtime::real
