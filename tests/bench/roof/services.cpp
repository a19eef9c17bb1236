#include "roof/services.h"

#include "loopback_socket.h"
#include "system_failure.h"

#include "kafka/endian.h"
#include "kafka/records/crc32c.h"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace verdikt::bench {

namespace {

constexpr std::size_t crc_position = 17;

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
    for (const int follower : followers_) receive_whole(follower, answers_);
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
