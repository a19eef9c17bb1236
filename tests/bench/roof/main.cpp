/// verdikt-bench-roof: what a server on this machine can do at best. One thread that speaks just
/// enough of the protocol to take what the load generator sends, and does to it only what cannot be
/// left out.
///
///     receive N              reads requests and answers them: the loopback socket alone
///     append N FILE          checks the batch's CRC and writes it to the page cache as well
///     send N FILE SLICE      answers each request with the next SLICE bytes of FILE, by sendfile
///
/// N is the number of connections to expect; it ends when all have gone.
#include "growing_file.h"
#include "kafka/endian.h"
#include "kafka/records/crc32c.h"
#include "requests.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/core.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace verdikt::bench {
namespace {

[[noreturn]] void fail(const char* call) {
    throw std::system_error(errno, std::generic_category(), call);
}

/// What is done to a request beyond reading it.
class service {
  public:
    virtual ~service() = default;
    virtual void take(bytes request) = 0;
    /// Answers `count` requests, all that were taken since.
    virtual void answer(int socket, std::size_t count) = 0;
};

void send_whole(int socket, bytes what) {
    while (!what.empty()) {
        const ssize_t count = ::send(socket, what.data(), what.size(), MSG_NOSIGNAL);
        if (count < 0) fail("send");
        what = what.subspan(static_cast<std::size_t>(count));
    }
}

class receiver : public service {
  public:
    void take(bytes /*request*/) override {}
    void answer(int socket, std::size_t count) override {
        answers_.clear();
        for (std::size_t i = 0; i < count; ++i)
            answers_.insert(answers_.end(), one_.begin(), one_.end());
        send_whole(socket, answers_);
    }

  private:
    frame one_ = produce_answer();
    frame answers_;
};

class appender final : public receiver {
  public:
    explicit appender(std::string path) : log_(std::move(path)) {}

    void take(bytes request) override {
        const bytes batch = request.subspan(batch_position());
        const auto stored = kafka::load_big_endian<std::uint32_t>(batch.data() + crc_position);
        if (kafka::records::crc32c(batch.subspan(crc_position + sizeof(stored))) != stored) {
            throw std::runtime_error("a batch with a wrong checksum");
        }
        log_.append(batch);
    }

  private:
    static constexpr std::size_t crc_position = 17;

    growing_file log_;
};

class sender final : public service {
  public:
    sender(const std::string& path, std::size_t slice)
        : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), slice_(slice) {
        if (file_ < 0) fail("open");
        size_ = static_cast<std::size_t>(::lseek(file_, 0, SEEK_END));
        head_ = fetch_answer_head(slice);
    }

    void take(bytes /*request*/) override {}
    void answer(int socket, std::size_t count) override {
        for (; count > 0; --count) {
            send_whole(socket, head_);
            send_slice(socket);
        }
    }

  private:
    void send_slice(int socket) {
        if (position_ + slice_ > size_) position_ = 0;
        auto offset = static_cast<off_t>(position_);
        position_ += slice_;
        const auto end = static_cast<off_t>(position_);
        while (offset < end) {
            const auto left = static_cast<std::size_t>(end - offset);
            if (::sendfile(socket, file_, &offset, left) <= 0) fail("sendfile");
        }
    }

    int file_;
    std::size_t slice_;
    std::size_t size_ = 0;
    std::size_t position_ = 0;
    frame head_;
};

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
    if (what == "append") return std::make_unique<appender>(words.at(2));
    if (what == "send") return std::make_unique<sender>(words.at(2), std::stoull(words.at(3)));
    throw std::runtime_error("receive, append or send?");
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
