/// The raw load generator: one thread, a few connections, a fixed number of requests under way on
/// each. It sends what was encoded before, looks at how an answer begins and drops the rest unread
/// (MSG_TRUNC), so nearly all of its time is the kernel's.
#pragma once

#include "requests.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace verdikt::bench {

struct load_shape {
    std::size_t connections = 1;
    std::size_t in_flight = 1;  ///< On each.
};

class wire_load {
  public:
    using check = void (*)(bytes head, std::size_t size);

    /// Connects to this host. Throws if it cannot.
    wire_load(std::uint16_t port, load_shape shape, check answers);
    wire_load(const wire_load&) = delete;
    wire_load& operator=(const wire_load&) = delete;
    ~wire_load();

    /// Sends `count` requests, each of `requests` in turn, and returns the size of all answers once
    /// they have come. Throws if the server closes a connection, or as the check does.
    std::size_t run(std::span<const frame> requests, std::size_t count);

  private:
    class connection;
    struct schedule;

    void wait();

    load_shape shape_;
    std::vector<std::unique_ptr<connection>> connections_;
};

}  // namespace verdikt::bench
