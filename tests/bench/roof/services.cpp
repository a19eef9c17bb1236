#include "roof/services.h"

#include "kafka/endian.h"
#include "kafka/records/crc32c.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace verdikt::bench {

namespace {

constexpr std::size_t crc_position = 17;

[[noreturn]] void fail(const char* call) {
    throw std::system_error(errno, std::generic_category(), call);
}

void send_whole(int socket, bytes what) {
    while (!what.empty()) {
        const ssize_t count = ::send(socket, what.data(), what.size(), MSG_NOSIGNAL);
        if (count < 0) fail("send");
        what = what.subspan(static_cast<std::size_t>(count));
    }
}

int connect_to(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) fail("socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        fail("connect");
    }
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return socket;
}

}  // namespace

void receiver::take(bytes /*request*/) {}

void receiver::answer(int socket, std::size_t count) {
    answers_.clear();
    for (std::size_t i = 0; i < count; ++i) {
        answers_.insert(answers_.end(), one_.begin(), one_.end());
    }
    send_whole(socket, answers_);
}

void appender::take(bytes request) {
    const bytes batch = request.subspan(batch_position());
    const auto stored = kafka::load_big_endian<std::uint32_t>(batch.data() + crc_position);
    if (kafka::records::crc32c(batch.subspan(crc_position + sizeof(stored))) != stored) {
        throw std::runtime_error("a batch with a wrong checksum");
    }
    log_.append(batch);
}

void appender::answer(int socket, std::size_t count) {
    sync_if_wanted();
    receiver::answer(socket, count);
}

void appender::sync_if_wanted() {
    if (syncs_) log_.sync();
}

leader::leader(std::string path, bool syncs, const std::vector<std::string>& follower_ports)
    : appender(std::move(path), syncs) {
    for (const std::string& port : follower_ports) {
        followers_.push_back(connect_to(static_cast<std::uint16_t>(std::stoul(port))));
    }
}

void leader::take(bytes request) {
    for (const int follower : followers_) send_whole(follower, request);
    appender::take(request);
}

void leader::answer(int socket, std::size_t count) {
    sync_if_wanted();
    answers_.resize(count * produce_answer().size());
    for (const int follower : followers_) {
        const ssize_t got = ::recv(follower, answers_.data(), answers_.size(), MSG_WAITALL);
        if (got != static_cast<ssize_t>(answers_.size())) fail("recv");
    }
    receiver::answer(socket, count);
}

sender::sender(const std::string& path, std::size_t slice)
    : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), slice_(slice) {
    if (file_ < 0) fail("open");
    size_ = static_cast<std::size_t>(::lseek(file_, 0, SEEK_END));
    head_ = fetch_answer_head(slice);
}

void sender::take(bytes /*request*/) {}

void sender::answer(int socket, std::size_t count) {
    for (; count > 0; --count) {
        send_whole(socket, head_);
        send_slice(socket);
    }
}

void sender::send_slice(int socket) {
    if (position_ + slice_ > size_) position_ = 0;
    auto offset = static_cast<off_t>(position_);
    position_ += slice_;
    const auto end = static_cast<off_t>(position_);
    while (offset < end) {
        const auto left = static_cast<std::size_t>(end - offset);
        if (::sendfile(socket, file_, &offset, left) <= 0) fail("sendfile");
    }
}

}  // namespace verdikt::bench
