#include "runtime/real/tcp_network.h"

#include "runtime/real/kernel_error.h"
#include "runtime/real/resolver.h"
#include "runtime/real/tcp_listener.h"
#include "runtime/real/tcp_stream.h"

#include <algorithm>

namespace verdikt::runtime::real {

namespace {

using tcp = boost::asio::ip::tcp;

/// A connection to a port of this machine that nobody listens on may be given that very port as its
/// own, and is then connected to itself (TCP's simultaneous open).
bool is_connected_to_itself(const tcp_socket& socket) {
    boost::system::error_code ignored;
    return socket.local_endpoint(ignored) == socket.remote_endpoint(ignored);
}

awaitable<std::expected<std::unique_ptr<stream>, errc>> connect_to(executor loop,
                                                                   tcp::endpoint address) {
    throw_if(co_await boost::asio::this_coro::cancellation_state);
    tcp_socket socket(loop);
    const auto [error] = co_await socket.async_connect(address, frameless);
    if (error == boost::asio::error::operation_aborted) throw boost::system::system_error(error);
    if (error) co_return std::unexpected(network_error(error));
    if (is_connected_to_itself(socket)) co_return std::unexpected(errc::refused);
    co_return std::make_unique<tcp_stream>(std::move(socket));
}

}  // namespace

awaitable<std::expected<std::unique_ptr<listener>, errc>> tcp_network::listen(endpoint at) {
    auto addresses = co_await resolve(loop_, at);
    if (!addresses.has_value()) co_return std::unexpected(addresses.error());
    // Clients that know a name's IPv4 address alone are commoner than the others.
    const auto preferred = std::ranges::find_if(
        *addresses, [](const tcp::endpoint& address) { return address.address().is_v4(); });
    if (!at.host.empty() && preferred != addresses->end())
        std::swap(addresses->front(), *preferred);
    std::expected<std::unique_ptr<listener>, errc> last = std::unexpected(errc::unreachable);
    for (const tcp::endpoint& address : *addresses) {
        last = tcp_listener::open(loop_, address);
        if (last.has_value()) break;
    }
    co_return last;
}

awaitable<std::expected<std::unique_ptr<stream>, errc>> tcp_network::connect(endpoint to) {
    const auto addresses = co_await resolve(loop_, to);
    if (!addresses.has_value()) co_return std::unexpected(addresses.error());
    std::expected<std::unique_ptr<stream>, errc> last = std::unexpected(errc::unreachable);
    for (const tcp::endpoint& address : *addresses) {
        last = co_await connect_to(loop_, address);
        if (last.has_value()) break;
    }
    co_return last;
}

}  // namespace verdikt::runtime::real
