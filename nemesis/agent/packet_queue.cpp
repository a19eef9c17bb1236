#include "nemesis/agent/packet_queue.h"

#include "runtime/random.h"

// netinet/in.h must come before the kernel's headers, which define the same names otherwise.
#include <netinet/in.h>

#include <fmt/format.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace verdikt::nemesis::agent {

namespace {

using runtime::real::descriptor;

constexpr std::uint32_t packets_max = 100'000;
constexpr int receive_buffer = 16 << 20;
constexpr std::size_t message_max = 64 << 10;

/// A netlink message (RFC 3549) to the queue subsystem, with one attribute.
template <typename Attribute>
std::vector<char> message(std::uint16_t type,
                          std::uint16_t flags,
                          std::uint16_t queue,
                          std::uint16_t attribute_type,
                          const Attribute& attribute) {
    const nlattr head{.nla_len = static_cast<std::uint16_t>(NLA_HDRLEN + sizeof attribute),
                      .nla_type = attribute_type};
    const nfgenmsg family{
        .nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0, .res_id = htons(queue)};
    const std::size_t size = NLMSG_LENGTH(sizeof family) + NLA_ALIGN(head.nla_len);
    const nlmsghdr header{.nlmsg_len = static_cast<std::uint32_t>(size),
                          .nlmsg_type = static_cast<std::uint16_t>((NFNL_SUBSYS_QUEUE << 8) | type),
                          .nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags),
                          .nlmsg_seq = 0,
                          .nlmsg_pid = 0};
    std::vector<char> bytes(size);
    char* at = bytes.data();
    std::memcpy(at, &header, sizeof header);
    std::memcpy(at += NLMSG_HDRLEN, &family, sizeof family);
    std::memcpy(at += NLMSG_ALIGN(sizeof family), &head, sizeof head);
    std::memcpy(at + NLA_HDRLEN, &attribute, sizeof attribute);
    return bytes;
}

/// 0, or the error that the kernel answers with.
int ask(const descriptor& socket, const std::vector<char>& request) {
    if (::send(socket.number(), request.data(), request.size(), 0) < 0) return errno;
    std::array<char, 1024> answer{};
    const ssize_t count = ::recv(socket.number(), answer.data(), answer.size(), 0);
    if (count < 0) return errno;
    nlmsghdr header{};
    nlmsgerr told{};
    if (std::cmp_less(count, NLMSG_HDRLEN + sizeof told)) return EPROTO;
    std::memcpy(&header, answer.data(), sizeof header);
    std::memcpy(&told, answer.data() + NLMSG_HDRLEN, sizeof told);
    return header.nlmsg_type == NLMSG_ERROR ? -told.error : EPROTO;
}

template <typename Attribute>
int configure(const descriptor& socket,
              std::uint16_t queue,
              std::uint16_t type,
              const Attribute& value) {
    return ask(socket, message(NFQNL_MSG_CONFIG, NLM_F_ACK, queue, type, value));
}

int bind_queue(const descriptor& socket, std::uint16_t queue) {
    const nfqnl_msg_config_cmd bind{.command = NFQNL_CFG_CMD_BIND, ._pad = 0, .pf = htons(AF_INET)};
    if (const int error = configure(socket, queue, NFQA_CFG_CMD, bind); error != 0) return error;
    nfqnl_msg_config_params params{};
    params.copy_mode = NFQNL_COPY_META;
    if (const int error = configure(socket, queue, NFQA_CFG_PARAMS, params); error != 0) {
        return error;
    }
    return configure(socket, queue, NFQA_CFG_QUEUE_MAXLEN, htonl(packets_max));
}

/// The attribute that names the packet.
std::optional<std::uint32_t> packet_of(std::span<const char> attributes) {
    while (attributes.size() >= NLA_HDRLEN) {
        nlattr head{};
        std::memcpy(&head, attributes.data(), sizeof head);
        const std::size_t step = NLA_ALIGN(head.nla_len);
        if (head.nla_len < NLA_HDRLEN || step > attributes.size()) return std::nullopt;
        if ((head.nla_type & NLA_TYPE_MASK) == NFQA_PACKET_HDR) {
            nfqnl_msg_packet_hdr packet{};
            std::memcpy(&packet, attributes.data() + NLA_HDRLEN, sizeof packet);
            return ntohl(packet.packet_id);
        }
        attributes = attributes.subspan(step);
    }
    return std::nullopt;
}

/// All packets that one read from the socket tells of.
std::vector<std::uint32_t> packets_in(std::span<const char> read) {
    std::vector<std::uint32_t> packets;
    constexpr std::size_t before_attributes = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(nfgenmsg));
    while (read.size() >= before_attributes) {
        nlmsghdr header{};
        std::memcpy(&header, read.data(), sizeof header);
        if (header.nlmsg_len < before_attributes || header.nlmsg_len > read.size()) break;
        const auto attributes = read.first(header.nlmsg_len).subspan(before_attributes);
        if (header.nlmsg_type == ((NFNL_SUBSYS_QUEUE << 8) | NFQNL_MSG_PACKET)) {
            if (const auto packet = packet_of(attributes)) packets.push_back(*packet);
        }
        read = read.subspan(std::min<std::size_t>(NLMSG_ALIGN(header.nlmsg_len), read.size()));
    }
    return packets;
}

}  // namespace

std::expected<packet_queue, std::string> packet_queue::open(std::uint16_t number) {
    descriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER));
    sockaddr_nl local{};
    local.nl_family = AF_NETLINK;
    if (socket.number() < 0 ||
        ::bind(socket.number(), reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0) {
        return std::unexpected(fmt::format("no netfilter socket: {}", std::strerror(errno)));
    }
    if (const int error = bind_queue(socket, number); error != 0) {
        return std::unexpected(fmt::format("no netfilter queue: {}", std::strerror(error)));
    }
    // A burst that overflows the buffer loses packets, which is not what was asked for; that it did
    // must not end the queue. Where these are refused, smaller ones do.
    const int yes = 1;
    (void)::setsockopt(
        socket.number(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    (void)::setsockopt(socket.number(), SOL_NETLINK, NETLINK_NO_ENOBUFS, &yes, sizeof yes);
    return packet_queue(std::move(socket), number);
}

void packet_queue::take_in(std::chrono::microseconds delay, std::chrono::microseconds jitter) {
    static runtime::random_source random(1);  // Nobody replays the time of a packet.
    std::array<char, message_max> buffer{};
    const ssize_t count = ::recv(socket_.number(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count <= 0) return;
    for (const std::uint32_t packet :
         packets_in({buffer.data(), static_cast<std::size_t>(count)})) {
        const std::chrono::microseconds apart(random.between(-jitter.count(), jitter.count()));
        last_due_ = std::max(last_due_, clock::now() + delay + apart);
        waiting_.push_back({.due = last_due_, .packet = packet});
    }
}

/// One verdict for all packets up to a number.
void packet_queue::let_go() {
    std::optional<std::uint32_t> last;
    for (const auto now = clock::now(); !waiting_.empty() && waiting_.front().due <= now;) {
        last = waiting_.front().packet;
        waiting_.pop_front();
    }
    if (!last) return;
    const nfqnl_msg_verdict_hdr verdict{.verdict = htonl(NF_ACCEPT), .id = htonl(*last)};
    const auto request = message(NFQNL_MSG_VERDICT_BATCH, 0, number_, NFQA_VERDICT_HDR, verdict);
    (void)::send(socket_.number(), request.data(), request.size(), 0);
}

std::string packet_queue::hold(std::chrono::microseconds delay, std::chrono::microseconds jitter) {
    ::prctl(PR_SET_TIMERSLACK, 1UL);
    for (;;) {
        timespec wait{};
        if (!waiting_.empty()) {
            const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(
                std::max(waiting_.front().due - clock::now(), clock::duration()));
            constexpr std::int64_t second = 1'000'000'000;
            wait = {.tv_sec = left.count() / second, .tv_nsec = left.count() % second};
        }
        pollfd readable{.fd = socket_.number(), .events = POLLIN, .revents = 0};
        const int ready = ::ppoll(&readable, 1, waiting_.empty() ? nullptr : &wait, nullptr);
        if (ready < 0 && errno != EINTR) return std::strerror(errno);
        if (ready > 0) take_in(delay, jitter);
        let_go();
    }
}

}  // namespace verdikt::nemesis::agent
