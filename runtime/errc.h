/// What can go wrong between a program and its disk or network.
#pragma once

#include <string_view>

namespace verdikt::runtime {

enum class errc {
    // Files.
    not_found,
    already_exists,
    no_space,   ///< The disk is full, or a quota is.
    read_only,  ///< The file system takes no writes.
    io_error,   ///< The device failed. What was written before and not synced is in doubt.
    not_permitted,
    locked,         ///< Another process holds the lock.
    too_many_open,  ///< No file descriptor is left.
    // Streams.
    refused,          ///< Nobody listens there, or the listener turned us away.
    unreachable,      ///< No route, or the name means nothing.
    connection_lost,  ///< The peer or the path broke it. What was sent may or may not have arrived.
    address_in_use,
    // Both.
    closed,  ///< Closed on this side, before or during the operation.
};

/// English, lower case, for a log line or a message after a colon.
[[nodiscard]] std::string_view describe(errc error);

}  // namespace verdikt::runtime
