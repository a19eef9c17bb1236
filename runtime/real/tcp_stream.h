/// A TCP connection.
///
/// Writes are tried at once and wait for the socket only when it takes no more. File ranges go by
/// sendfile(2) where the page cache has them; what it has not is read by the file's disk worker, so
/// that the loop never waits for a disk.
///
/// Requires: no operation is under way when it dies.
#pragma once

#include "runtime/network.h"
#include "runtime/real/disk_file.h"

#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace verdikt::runtime::real {

using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor>;

/// Addresses are written as numbers.
[[nodiscard]] endpoint to_endpoint(const boost::asio::ip::tcp::endpoint& address);

class tcp_stream final : public stream {
  public:
    /// Requires: connected.
    explicit tcp_stream(tcp_socket socket);

    awaitable<std::expected<std::size_t, errc>> read_some(mutable_bytes into) override;
    awaitable<std::expected<void, errc>> write(std::span<const const_bytes> pieces) override;
    awaitable<std::expected<void, errc>> write_file(file& from,
                                                    std::uint64_t position,
                                                    std::uint64_t size) override;
    void close() noexcept override;
    [[nodiscard]] endpoint peer() const override { return peer_; }

  private:
    /// Bytes that went out, or why none did; nothing if the socket would have made us wait.
    using attempt = std::optional<std::expected<std::size_t, errc>>;

    [[nodiscard]] attempt try_send(std::span<const const_bytes> pieces, std::size_t skip);
    [[nodiscard]] attempt try_sendfile(int from, std::uint64_t position, std::uint64_t size);
    awaitable<std::expected<void, errc>> wait_writable();
    awaitable<void> yield_after(std::size_t sent);
    awaitable<std::expected<std::size_t, errc>> send_cached(disk_file& from,
                                                            std::uint64_t position,
                                                            std::uint64_t size);
    awaitable<std::expected<std::size_t, errc>> send_uncached(disk_file& from,
                                                              std::uint64_t position,
                                                              std::uint64_t size);

    tcp_socket socket_;
    endpoint peer_;
    bool closed_ = false;
    std::size_t sent_this_turn_ = 0;
};

}  // namespace verdikt::runtime::real
