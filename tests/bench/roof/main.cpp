/// verdikt-bench-roof: what a server on this machine can do at best. One thread that speaks just
/// enough of the protocol to take what the load generator sends, and does to it only what cannot be
/// left out.
///
///     receive N              reads requests and answers them: the loopback socket alone
///     append N FILE          checks the batch's CRC and writes it to the page cache as well
///     sync N FILE            as append, and fdatasync before it answers
///     lead N FILE PORT PORT  as append, and answers once the servers on both ports have, to whom
///                            it sends each request on
///     lead-sync N FILE PORT PORT   as lead, with an fdatasync of its own
///     send N FILE SLICE      answers each request with the next SLICE bytes of FILE, by sendfile
///
/// N is the number of connections to expect; it ends when all have gone.
#include "roof/services.h"

#include "system_failure.h"

#include "kafka/endian.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/core.h>

#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace verdikt::bench {
namespace {

class connection {
  public:
    explicit connection(int socket) : socket_(socket), buffer_(buffer_size) {
        const int on = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    }

    /// False once the peer has gone.
    bool serve(service& work) {
        const ssize_t count =
            ::recv(socket_, buffer_.data() + filled_, buffer_.size() - filled_, 0);
        if (count <= 0) return false;
        filled_ += static_cast<std::size_t>(count);
        const bytes all = bytes(buffer_).first(filled_);
        std::size_t at = 0;
        std::size_t taken = 0;
        for (;; ++taken) {
            if (all.size() - at < size_field) break;
            const auto size = size_field + kafka::load_big_endian<std::uint32_t>(all.data() + at);
            if (all.size() - at < size) break;
            work.take(all.subspan(at, size));
            at += size;
        }
        if (taken > 0) work.answer(socket_, taken);
        std::memmove(buffer_.data(), buffer_.data() + at, filled_ - at);
        filled_ -= at;
        return true;
    }

    [[nodiscard]] int socket() const { return socket_; }

  private:
    static constexpr std::size_t size_field = 4;
    static constexpr std::size_t buffer_size = std::size_t{2} << 20;

    int socket_;
    std::vector<std::byte> buffer_;
    std::size_t filled_ = 0;
};

/// Says on which port it listens, and returns all connections that it was to expect.
std::vector<connection> accept_all(std::size_t expected) {
    const int listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listening, generic, length) != 0) fail("bind");
    if (::listen(listening, SOMAXCONN) != 0) fail("listen");
    if (::getsockname(listening, generic, &length) != 0) fail("getsockname");
    fmt::print("listening port={}\n", ntohs(address.sin_port));
    std::fflush(stdout);
    std::vector<connection> accepted;
    while (accepted.size() < expected) {
        const int socket = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) fail("accept");
        accepted.emplace_back(socket);
    }
    return accepted;
}

void serve_all(std::vector<connection> connections, service& work) {
    // One connection is simply read; only several have to be watched.
    while (connections.size() == 1) {
        if (!connections.front().serve(work)) return;
    }
    std::vector<pollfd> interests;
    for (const connection& each : connections) interests.push_back({each.socket(), POLLIN, 0});
    for (;;) {
        if (::poll(interests.data(), interests.size(), -1) < 0) fail("poll");
        for (std::size_t i = 0; i < connections.size(); ++i) {
            if (interests[i].revents != 0 && !connections[i].serve(work)) return;
        }
    }
}

std::unique_ptr<service> make_service(const std::vector<std::string>& words) {
    const std::string& what = words.at(0);
    if (what == "receive") return std::make_unique<receiver>();
    const bool syncs = what.ends_with("sync");
    if (what == "append" || what == "sync") return std::make_unique<appender>(words.at(2), syncs);
    if (what == "lead" || what == "lead-sync") {
        return std::make_unique<leader>(
            words.at(2), syncs, std::vector<std::string>{words.at(3), words.at(4)});
    }
    if (what == "send") return std::make_unique<sender>(words.at(2), std::stoull(words.at(3)));
    throw std::runtime_error("receive, append, sync, lead or send?");
}

}  // namespace
}  // namespace verdikt::bench

int main(int argc, char** argv) {
    using namespace verdikt::bench;
    try {
        const std::vector<std::string> words(argv + 1, argv + argc);
        const auto work = make_service(words);
        serve_all(accept_all(std::stoull(words.at(1))), *work);
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
    return 0;
}
