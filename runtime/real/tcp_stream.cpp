#include "runtime/real/tcp_stream.h"

#include "runtime/check.h"
#include "runtime/real/kernel_error.h"

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <vector>

namespace verdikt::runtime::real {

namespace {

/// A connection that never has to wait lets others have their turn after so much.
constexpr std::size_t bytes_per_turn_max = 4UL * 1024 * 1024;
/// What one look at the page cache stands for: pages are evicted sooner or later.
constexpr std::uint64_t cached_window_max = 1024UL * 1024;
constexpr std::chrono::milliseconds cached_window_age_max(10);
/// Memory that a connection takes to send what must be read from the disk.
constexpr std::uint64_t uncached_window_max = 256UL * 1024;
constexpr std::size_t pieces_per_call_max = 64;

/// The first pieces after `skip` bytes, as the kernel wants them; says how many there are.
std::size_t to_kernel(std::span<const const_bytes> pieces,
                      std::size_t skip,
                      std::array<iovec, pieces_per_call_max>& into) {
    std::size_t count = 0;
    for (const const_bytes piece : pieces) {
        if (skip >= piece.size()) {
            skip -= piece.size();
            continue;
        }
        if (count == into.size()) break;
        // sendmsg only reads through the pointer; its type is shared with recvmsg.
        into[count++] = {const_cast<std::byte*>(piece.data()) + skip, piece.size() - skip};
        skip = 0;
    }
    return count;
}

/// Up to where a file range was in the page cache when we looked, and how long we go by it.
struct cached_window {
    std::uint64_t end = 0;
    std::chrono::steady_clock::time_point good_until;

    [[nodiscard]] bool holds(std::uint64_t position) const {
        return position < end && std::chrono::steady_clock::now() < good_until;
    }
};

cached_window look_at_cache(const disk_file& from, std::uint64_t position, std::uint64_t size) {
    const std::uint64_t window = std::min(size, cached_window_max);
    if (!from.is_cached(position, window)) return {};
    return {.end = position + window,
            .good_until = std::chrono::steady_clock::now() + cached_window_age_max};
}

}  // namespace

endpoint to_endpoint(const boost::asio::ip::tcp::endpoint& address) {
    return {.host = address.address().to_string(), .port = address.port()};
}

tcp_stream::tcp_stream(tcp_socket socket) : socket_(std::move(socket)) {
    boost::system::error_code ignored;
    // A socket whose peer has gone already has neither; its next read or write will say so.
    socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
    socket_.native_non_blocking(true, ignored);
    peer_ = to_endpoint(socket_.remote_endpoint(ignored));
}

awaitable<std::expected<std::size_t, errc>> tcp_stream::read_some(mutable_bytes into) {
    CHECK(!into.empty());
    throw_if(co_await boost::asio::this_coro::cancellation_state);
    if (closed_) co_return std::unexpected(errc::closed);
    const auto [error, count] =
        co_await socket_.async_read_some(boost::asio::buffer(into.data(), into.size()), frameless);
    if (!error) co_return count;
    if (closed_) co_return std::unexpected(errc::closed);
    if (error == boost::asio::error::eof) co_return 0;
    if (error == boost::asio::error::operation_aborted) throw boost::system::system_error(error);
    co_return std::unexpected(network_error(error));
}

awaitable<std::expected<void, errc>> tcp_stream::write(std::span<const const_bytes> pieces) {
    throw_if(co_await boost::asio::this_coro::cancellation_state);
    std::size_t total = 0;
    for (const const_bytes piece : pieces) total += piece.size();
    std::size_t sent = 0;
    while (sent < total) {
        if (closed_) co_return std::unexpected(errc::closed);
        const attempt sending = try_send(pieces, sent);
        if (!sending.has_value()) {
            const auto writable = co_await wait_writable();
            if (!writable.has_value()) co_return writable;
            continue;
        }
        if (!sending->has_value()) co_return std::unexpected(sending->error());
        sent += **sending;
        if (sent < total) co_await yield_after(**sending);
    }
    co_return std::expected<void, errc>();
}

tcp_stream::attempt tcp_stream::try_send(std::span<const const_bytes> pieces, std::size_t skip) {
    std::array<iovec, pieces_per_call_max> vectors;
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = to_kernel(pieces, skip, vectors);
    for (;;) {
        const ssize_t count =
            ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno == EAGAIN || errno == EWOULDBLOCK) return std::nullopt;
        if (errno != EINTR) return std::unexpected(network_error(errno));
    }
}

awaitable<std::expected<void, errc>> tcp_stream::wait_writable() {
    throw_if(co_await boost::asio::this_coro::cancellation_state);
    sent_this_turn_ = 0;
    const auto [error] = co_await socket_.async_wait(tcp_socket::wait_write, frameless);
    if (closed_) co_return std::unexpected(errc::closed);
    if (error == boost::asio::error::operation_aborted) throw boost::system::system_error(error);
    if (error) co_return std::unexpected(network_error(error));
    co_return std::expected<void, errc>();
}

awaitable<void> tcp_stream::yield_after(std::size_t sent) {
    sent_this_turn_ += sent;
    if (sent_this_turn_ < bytes_per_turn_max) co_return;
    sent_this_turn_ = 0;
    co_await boost::asio::post(socket_.get_executor(), frameless);
    throw_if(co_await boost::asio::this_coro::cancellation_state);
}

awaitable<std::expected<void, errc>> tcp_stream::write_file(file& from,
                                                            std::uint64_t position,
                                                            std::uint64_t size) {
    auto* const source = dynamic_cast<disk_file*>(&from);
    CHECK(source != nullptr, "a file of another world");
    throw_if(co_await boost::asio::this_coro::cancellation_state);
    cached_window cached;
    while (size > 0) {
        if (closed_) co_return std::unexpected(errc::closed);
        if (!cached.holds(position)) cached = look_at_cache(*source, position, size);
        const auto sent = cached.holds(position)
                              ? co_await send_cached(*source, position, cached.end - position)
                              : co_await send_uncached(*source, position, size);
        if (!sent.has_value()) co_return std::unexpected(sent.error());
        position += *sent;
        size -= *sent;
        if (size > 0) co_await yield_after(*sent);
    }
    co_return std::expected<void, errc>();
}

tcp_stream::attempt tcp_stream::try_sendfile(int from, std::uint64_t position, std::uint64_t size) {
    for (;;) {
        auto offset = static_cast<off_t>(position);
        const ssize_t count = ::sendfile(socket_.native_handle(), from, &offset, size);
        if (count > 0) return static_cast<std::size_t>(count);
        if (count == 0) return std::unexpected(errc::io_error);  // The file ended.
        if (errno == EAGAIN || errno == EWOULDBLOCK) return std::nullopt;
        if (errno == EIO) return std::unexpected(errc::io_error);
        if (errno != EINTR) return std::unexpected(network_error(errno));
    }
}

/// Sends some of the range; nothing if it had to wait, for by then the cache may have changed.
awaitable<std::expected<std::size_t, errc>> tcp_stream::send_cached(disk_file& from,
                                                                    std::uint64_t position,
                                                                    std::uint64_t size) {
    const attempt sending = try_sendfile(from.file_descriptor(), position, size);
    if (sending.has_value()) co_return *sending;
    const auto writable = co_await wait_writable();
    if (!writable.has_value()) co_return std::unexpected(writable.error());
    co_return 0;
}

awaitable<std::expected<std::size_t, errc>> tcp_stream::send_uncached(disk_file& from,
                                                                      std::uint64_t position,
                                                                      std::uint64_t size) {
    std::vector<std::byte> bytes(std::min(size, uncached_window_max));
    const auto count = co_await from.read_from_disk(position, bytes);
    if (!count.has_value()) co_return count;
    if (*count == 0) co_return std::unexpected(errc::io_error);  // The file ended.
    const const_bytes piece(bytes.data(), *count);
    const auto sent = co_await write({&piece, 1});
    if (!sent.has_value()) co_return std::unexpected(sent.error());
    co_return *count;
}

void tcp_stream::close() noexcept {
    closed_ = true;
    boost::system::error_code ignored;
    socket_.close(ignored);
}

}  // namespace verdikt::runtime::real
