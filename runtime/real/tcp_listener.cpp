#include "runtime/real/tcp_listener.h"

#include "runtime/real/kernel_error.h"
#include "runtime/real/tcp_stream.h"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/v6_only.hpp>

namespace verdikt::runtime::real {

std::expected<std::unique_ptr<listener>, errc> tcp_listener::open(
    executor loop, const boost::asio::ip::tcp::endpoint& at) {
    tcp_acceptor acceptor(loop);
    boost::system::error_code error;
    acceptor.open(at.protocol(), error);
    if (!error) acceptor.set_option(tcp_acceptor::reuse_address(true), error);
    // Every IPv6 address means every IPv4 address too.
    if (!error && at.address().is_v6() && at.address().is_unspecified()) {
        acceptor.set_option(boost::asio::ip::v6_only(false), error);
    }
    if (!error) acceptor.bind(at, error);
    if (!error) acceptor.listen(tcp_acceptor::max_listen_connections, error);
    if (error) return std::unexpected(network_error(error));
    return std::unique_ptr<listener>(new tcp_listener(std::move(acceptor)));
}

tcp_listener::tcp_listener(tcp_acceptor acceptor) : acceptor_(std::move(acceptor)) {
    boost::system::error_code ignored;
    local_ = to_endpoint(acceptor_.local_endpoint(ignored));
}

awaitable<std::expected<std::unique_ptr<stream>, errc>> tcp_listener::accept() {
    throw_if(co_await boost::asio::this_coro::cancellation_state);
    if (closed_) co_return std::unexpected(errc::closed);
    tcp_socket socket(acceptor_.get_executor());
    const auto [error] = co_await acceptor_.async_accept(socket, frameless);
    if (closed_) co_return std::unexpected(errc::closed);
    if (error == boost::asio::error::operation_aborted) throw boost::system::system_error(error);
    if (error) co_return std::unexpected(network_error(error));
    co_return std::make_unique<tcp_stream>(std::move(socket));
}

void tcp_listener::close() noexcept {
    closed_ = true;
    boost::system::error_code ignored;
    acceptor_.close(ignored);
}

}  // namespace verdikt::runtime::real
