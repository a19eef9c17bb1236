#include "wire_load.h"

#include "loopback_socket.h"
#include "system_failure.h"

#include "kafka/endian.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace verdikt::bench {

namespace {

bool would_block() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

}  // namespace

/// What is left to send, over all connections.
struct wire_load::schedule {
    std::span<const frame> requests;
    std::size_t count = 0;
    std::size_t next = 0;

    [[nodiscard]] bool empty() const { return next == count; }
    bytes take() { return requests[next++ % requests.size()]; }
};

class wire_load::connection {
  public:
    connection(std::uint16_t port, std::size_t in_flight, check answers)
        : socket_(connect_to(port)), in_flight_max_(in_flight), check_(answers) {}
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection() { ::close(socket_); }

    /// Sends as much as there is, may be under way, and goes without waiting.
    void send_from(schedule& left) {
        while (true) {
            if (unsent_.empty()) {
                if (left.empty() || in_flight_ == in_flight_max_) return;
                unsent_ = left.take();
                ++in_flight_;
            }
            const ssize_t count =
                ::send(socket_, unsent_.data(), unsent_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
            if (count < 0 && would_block()) return;
            if (count < 0) fail("send");
            unsent_ = unsent_.subspan(static_cast<std::size_t>(count));
        }
    }

    /// Takes what answers have come. `may_wait`: there is nothing else to do meanwhile.
    std::size_t receive(bool may_wait) {
        if (idle()) return 0;
        const ssize_t count = body_left_ > 0 ? drop_body(may_wait) : receive_heads(may_wait);
        if (count < 0 && would_block()) return 0;
        if (count < 0) fail("recv");
        if (count == 0) throw std::runtime_error("the server closed the connection");
        return static_cast<std::size_t>(count);
    }

    [[nodiscard]] bool idle() const { return in_flight_ == 0; }
    [[nodiscard]] bool has_unsent() const { return !unsent_.empty(); }
    [[nodiscard]] int socket() const { return socket_; }

  private:
    static constexpr std::size_t size_field = 4;

    ssize_t drop_body(bool may_wait) {
        const ssize_t count = ::recv(socket_, nullptr, body_left_, MSG_TRUNC | flags(may_wait));
        if (count <= 0) return count;
        body_left_ -= static_cast<std::size_t>(count);
        if (body_left_ == 0) --in_flight_;
        return count;
    }

    ssize_t receive_heads(bool may_wait) {
        const ssize_t count =
            ::recv(socket_, head_.data() + filled_, head_.size() - filled_, flags(may_wait));
        if (count <= 0) return count;
        filled_ += static_cast<std::size_t>(count);
        std::size_t at = 0;
        while (filled_ - at >= size_field) {
            const auto size =
                static_cast<std::size_t>(kafka::load_big_endian<std::int32_t>(head_.data() + at));
            const std::size_t here = std::min(size, filled_ - at - size_field);
            // An answer that fits is taken whole; of a larger one, as much as fits.
            if (here < std::min(size, head_.size() - size_field)) break;
            check_(bytes(head_).subspan(at + size_field, here), size);
            at += size_field + here;
            body_left_ = size - here;
            if (body_left_ > 0) break;
            --in_flight_;
        }
        std::memmove(head_.data(), head_.data() + at, filled_ - at);
        filled_ -= at;
        return count;
    }

    static int flags(bool may_wait) { return may_wait ? 0 : MSG_DONTWAIT; }

    int socket_;
    std::size_t in_flight_max_;
    check check_;
    bytes unsent_;
    std::size_t in_flight_ = 0;
    std::array<std::byte, 4096> head_;
    std::size_t filled_ = 0;
    std::size_t body_left_ = 0;
};

wire_load::wire_load(std::uint16_t port, load_shape shape, check answers) : shape_(shape) {
    for (std::size_t i = 0; i < shape.connections; ++i) {
        connections_.push_back(std::make_unique<connection>(port, shape.in_flight, answers));
    }
}

wire_load::~wire_load() = default;

std::size_t wire_load::run(std::span<const frame> requests, std::size_t count) {
    schedule left{.requests = requests, .count = count};
    const bool alone = connections_.size() == 1;
    std::size_t received = 0;
    while (true) {
        for (const auto& each : connections_) {
            received += each->receive(alone && !each->has_unsent());
            // After receiving: whoever waits next must have sent all that it may.
            each->send_from(left);
        }
        const bool all_idle =
            std::ranges::all_of(connections_, [](const auto& each) { return each->idle(); });
        if (left.empty() && all_idle) return received;
        if (!alone || connections_.front()->has_unsent()) wait();
    }
}

void wire_load::wait() {
    std::vector<pollfd> interests;
    for (const auto& each : connections_) {
        const int events = POLLIN | (each->has_unsent() ? POLLOUT : 0);
        interests.push_back({.fd = each->socket(), .events = static_cast<short>(events)});
    }
    if (::poll(interests.data(), interests.size(), -1) < 0 && errno != EINTR) fail("poll");
}

}  // namespace verdikt::bench
