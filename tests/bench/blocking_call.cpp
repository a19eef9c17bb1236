#include "blocking_call.h"

#include "kafka/endian.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace verdikt::bench {

namespace {

[[noreturn]] void fail(const char* call) {
    throw std::system_error(errno, std::generic_category(), call);
}

}  // namespace

std::optional<blocking_caller> blocking_caller::connect(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) fail("socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        ::close(socket);
        return std::nullopt;
    }
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return blocking_caller(socket);
}

blocking_caller::~blocking_caller() {
    if (socket_ >= 0) ::close(socket_);
}

frame blocking_caller::exchange(bytes request) {
    while (!request.empty()) {
        const ssize_t count = ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail("send");
        request = request.subspan(static_cast<std::size_t>(count));
    }
    std::array<std::byte, kafka::messages::frame_prefix_size> size{};
    receive(size);
    frame answer(static_cast<std::size_t>(kafka::load_big_endian<std::int32_t>(size.data())));
    receive(answer);
    return answer;
}

void blocking_caller::receive(std::span<std::byte> into) {
    while (!into.empty()) {
        const ssize_t count = ::recv(socket_, into.data(), into.size(), 0);
        if (count < 0 && errno == EINTR) continue;
        if (count == 0) errno = ECONNRESET;
        if (count <= 0) fail("recv");
        into = into.subspan(static_cast<std::size_t>(count));
    }
}

}  // namespace verdikt::bench
