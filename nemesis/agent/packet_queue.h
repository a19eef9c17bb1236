/// Holds packets back in user space, for kernels without netem: a netfilter queue at the receiver.
///
/// At the sender it would ruin TCP: a segment that waits there still counts as unsent to the stack,
/// which then sends next to nothing. Packets may come as soon as `open` has returned. The queue
/// hands over packets' numbers only, not their content. Order is kept, so that late packets are
/// late and not reordered as well.
#pragma once

#include "runtime/real/descriptor.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <expected>
#include <string>

namespace verdikt::nemesis::agent {

inline constexpr std::uint16_t held_queue = 1;

class packet_queue {
  public:
    /// The reason if this kernel, or our rights, give none.
    [[nodiscard]] static std::expected<packet_queue, std::string> open(std::uint16_t number);

    /// One that another process has opened, and that we have inherited.
    [[nodiscard]] static packet_queue inherited(int socket, std::uint16_t number) {
        return {runtime::real::descriptor(socket), number};
    }
    [[nodiscard]] int socket() const { return socket_.number(); }

    /// Lets each packet go `delay` after it came, plus or minus up to `jitter`. Never returns but
    /// for a failure of the queue.
    [[nodiscard]] std::string hold(std::chrono::microseconds delay,
                                   std::chrono::microseconds jitter);

  private:
    using clock = std::chrono::steady_clock;
    struct held {
        clock::time_point due;
        std::uint32_t packet;
    };

    packet_queue(runtime::real::descriptor socket, std::uint16_t number)
        : socket_(std::move(socket)), number_(number) {}

    void take_in(std::chrono::microseconds delay, std::chrono::microseconds jitter);
    void let_go();

    runtime::real::descriptor socket_;
    std::uint16_t number_;
    std::deque<held> waiting_;  ///< By time and number alike.
    clock::time_point last_due_;
};

}  // namespace verdikt::nemesis::agent
