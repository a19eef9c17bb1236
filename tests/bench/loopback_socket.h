/// Plain blocking sockets to programs on this host: what loads a server, and what a server is held
/// against, must not be what limits it.
#pragma once

#include "requests.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace verdikt::bench {

/// Sends small packets at once. The caller closes it. Nothing if nobody listens there.
[[nodiscard]] std::optional<int> try_to_connect(std::uint16_t port);
/// As above; throws if nobody listens there.
[[nodiscard]] int connect_to(std::uint16_t port);

// Both throw if the connection broke.

void send_whole(int socket, bytes what);
void receive_whole(int socket, std::span<std::byte> into);

}  // namespace verdikt::bench
