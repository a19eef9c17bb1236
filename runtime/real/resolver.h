/// Turns host names into addresses without holding up the loop.
#pragma once

#include "runtime/network.h"

#include <boost/asio/ip/tcp.hpp>

#include <expected>
#include <vector>

namespace verdikt::runtime::real {

/// All addresses of the host, best first, with its port. Numbers are read at once; names go to
/// getaddrinfo(3) on a thread of Asio's, and a cancelled caller does not wait for it. The empty
/// host means every address of this machine, IPv6 first. `unreachable` for a name that means
/// nothing.
[[nodiscard]] awaitable<std::expected<std::vector<boost::asio::ip::tcp::endpoint>, errc>> resolve(
    executor loop, endpoint name);

}  // namespace verdikt::runtime::real
