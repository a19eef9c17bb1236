/// The first line of an HTTP request, for pages that answer one request a connection.
#pragma once

#include "runtime/awaitable.h"
#include "runtime/network.h"

#include <optional>
#include <string>

namespace verdikt::runtime {

struct http_request_line {
    static constexpr std::size_t head_size_max = 8192;

    std::string method;
    std::string target;
};

/// Reads a request's head, and no body. Nothing if none came, or one that is malformed or longer
/// than `head_size_max`. Has no deadline of its own.
awaitable<std::optional<http_request_line>> read_http_head(stream& wire);

}  // namespace verdikt::runtime
