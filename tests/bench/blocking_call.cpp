#include "blocking_call.h"

#include "loopback_socket.h"

#include "kafka/endian.h"

#include <unistd.h>

#include <array>

namespace verdikt::bench {

std::optional<blocking_caller> blocking_caller::connect(std::uint16_t port) {
    const std::optional<int> socket = try_to_connect(port);
    if (!socket) return std::nullopt;
    return blocking_caller(*socket);
}

blocking_caller::~blocking_caller() {
    if (socket_ >= 0) ::close(socket_);
}

frame blocking_caller::exchange(bytes request) {
    send_whole(socket_, request);
    std::array<std::byte, kafka::messages::frame_prefix_size> size{};
    receive_whole(socket_, size);
    frame answer(static_cast<std::size_t>(kafka::load_big_endian<std::int32_t>(size.data())));
    receive_whole(socket_, answer);
    return answer;
}

}  // namespace verdikt::bench
