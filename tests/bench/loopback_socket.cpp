#include "loopback_socket.h"

#include "system_failure.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace verdikt::bench {

std::optional<int> try_to_connect(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) fail("socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        const int why = errno;
        ::close(socket);
        errno = why;
        return std::nullopt;
    }
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return socket;
}

int connect_to(std::uint16_t port) {
    const std::optional<int> socket = try_to_connect(port);
    if (!socket) fail("connect");
    return *socket;
}

void send_whole(int socket, bytes what) {
    while (!what.empty()) {
        const ssize_t count = ::send(socket, what.data(), what.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail("send");
        what = what.subspan(static_cast<std::size_t>(count));
    }
}

void receive_whole(int socket, std::span<std::byte> into) {
    while (!into.empty()) {
        const ssize_t count = ::recv(socket, into.data(), into.size(), MSG_WAITALL);
        if (count < 0 && errno == EINTR) continue;
        if (count == 0) errno = ECONNRESET;
        if (count <= 0) fail("recv");
        into = into.subspan(static_cast<std::size_t>(count));
    }
}

}  // namespace verdikt::bench
