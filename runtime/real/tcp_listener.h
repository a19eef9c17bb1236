/// A listening TCP socket. Requires: nobody accepts from it when it dies.
#pragma once

#include "runtime/network.h"

#include <boost/asio/ip/tcp.hpp>

namespace verdikt::runtime::real {

class tcp_listener final : public listener {
  public:
    [[nodiscard]] static std::expected<std::unique_ptr<listener>, errc> open(
        executor loop, const boost::asio::ip::tcp::endpoint& at);

    awaitable<std::expected<std::unique_ptr<stream>, errc>> accept() override;
    void close() noexcept override;
    [[nodiscard]] endpoint local() const override { return local_; }

  private:
    using tcp_acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, executor>;

    explicit tcp_listener(tcp_acceptor acceptor);

    tcp_acceptor acceptor_;
    endpoint local_;
    bool closed_ = false;
};

}  // namespace verdikt::runtime::real
