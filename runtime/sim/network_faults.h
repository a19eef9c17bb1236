/// How the simulated network behaves and misbehaves: the face that tests turn to it.
///
/// A link is an ordered pair of nodes. Each connection delivers its bytes in order, as TCP does,
/// but two connections over one link overtake each other freely. A cut link holds what is sent over
/// it; if it heals soon, everything arrives late, if it stays cut for `retransmission_limit`, the
/// sender gives up and its end breaks with `connection_lost`. The other end learns of it only when
/// it sends something itself, or never, as with a real peer that vanished.
///
/// Lives in the world and as long as it. All methods take effect at the current virtual time.
#pragma once

#include "runtime/clock.h"
#include "runtime/random.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace verdikt::runtime::sim {

class node;
class switchboard;

struct link_settings {
    duration delay = std::chrono::microseconds(150);
    /// Uniform, on top of `delay`, for each piece sent.
    duration jitter = std::chrono::microseconds(100);
    /// 0 means without limit.
    std::uint64_t bytes_per_second = 1'000'000'000;
    /// How likely a piece is held up by `straggler_delay` besides (a lost packet, a full queue).
    double straggler_chance = 0;
    duration straggler_delay = std::chrono::milliseconds(200);
};

/// What happens to a connection attempt to a node that is down.
enum class down_behaviour {
    refuses,  ///< The machine is up, the process is not.
    silent,   ///< Nothing answers; the attempt hangs until somebody gives up.
};

class network_faults {
  public:
    explicit network_faults(switchboard& wires) : wires_(wires) {}

    /// For all links that have no setting of their own, between two nodes and within one.
    void set_default_link(link_settings settings);
    void set_link(const node& from, const node& to, link_settings settings);

    void cut(const node& from, const node& to);
    void cut_both_ways(const node& one, const node& other);
    /// From and to all other nodes, those added later included.
    void isolate(const node& which);
    void heal(const node& from, const node& to);
    void heal_both_ways(const node& one, const node& other);
    /// Every cut and isolation, not the link settings.
    void heal_all();

    /// Breaks every connection between the two: both ends get `connection_lost` at once.
    void reset_connections(const node& one, const node& other);
    /// Only the end at `at` breaks; the other finds out when it sends.
    void reset_one_end(const node& at, const node& other);

    /// New connections to the node are turned away although it listens.
    void refuse_connections(const node& which, bool refuse);
    void set_down_behaviour(const node& which, down_behaviour behaviour);

    /// Bytes under way or unread in one direction of a connection before `write` waits. Default 256
    /// KiB. For connections made from now on.
    void set_buffer_bytes(std::uint64_t bytes);
    /// How likely `read_some` returns fewer bytes than there are. Default 0.05.
    void set_short_read_chance(double probability);
    /// How long a sender without acknowledgement keeps its connection. Default 15 s.
    void set_retransmission_limit(duration limit);
    /// How long a connection attempt without answer lasts before it is `unreachable`. Default 127
    /// s.
    void set_connect_limit(duration limit);

    /// Evidence that faults bit, and how busy the network was.
    struct counts {
        std::uint64_t connections = 0;
        std::uint64_t refused = 0;
        std::uint64_t broken = 0;  ///< Ends that got `connection_lost`.
        std::uint64_t bytes_sent = 0;
        std::uint64_t bytes_read = 0;
        std::uint64_t pieces_held = 0;  ///< Deliveries that met a cut link.
        std::uint64_t short_reads = 0;
    };
    [[nodiscard]] const counts& counted() const;

  private:
    switchboard& wires_;
};

}  // namespace verdikt::runtime::sim
