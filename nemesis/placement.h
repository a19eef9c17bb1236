/// What a fault means on each node: the small acts that a node's agent knows.
///
/// Pure. Partitions are directed: what a host drops is what it receives, so that one-way cuts and
/// rings need nothing special, and no host has to be trusted with another's rules.
#pragma once

#include "nemesis/fault.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace verdikt::nemesis {

/// SIGKILL; undone by starting the broker again.
struct kill_process {
    bool operator==(const kill_process&) const = default;
};
/// SIGTERM, so the broker hands over first; undone by starting it again.
struct stop_process {
    bool operator==(const stop_process&) const = default;
};
/// SIGSTOP; undone by SIGCONT.
struct pause_process {
    bool operator==(const pause_process&) const = default;
};
/// SIGTERM, and started again at once.
struct restart_process {
    bool operator==(const restart_process&) const = default;
};
/// Of each packet received from those hosts, this share is dropped. 100: a cut.
struct drop_packets {
    std::set<std::int32_t> from;
    std::int64_t percent = 100;

    bool operator==(const drop_packets&) const = default;
};
/// Whatever comes to the broker's ports is answered with a reset: new connections, and the next
/// packet of those that are open.
struct refuse_new_connections {
    std::set<std::int32_t> from;

    bool operator==(const refuse_new_connections&) const = default;
};
/// Connections with those hosts end now.
struct end_connections {
    std::set<std::int32_t> with;

    bool operator==(const end_connections&) const = default;
};
/// What the node sends passes at this rate.
struct limit_rate {
    std::int64_t kilobits = 0;

    bool operator==(const limit_rate&) const = default;
};
/// What the node receives comes later, by `delay` plus or minus up to `jitter`, in order.
struct delay_packets {
    std::chrono::milliseconds delay{};
    std::chrono::milliseconds jitter{};

    bool operator==(const delay_packets&) const = default;
};
/// The disk has no room left.
struct fill_disk {
    bool operator==(const fill_disk&) const = default;
};
/// The disk refuses every write.
struct freeze_disk {
    bool operator==(const freeze_disk&) const = default;
};
/// The clients of the workload end without a goodbye and are started again.
struct crash_clients {
    bool operator==(const crash_clients&) const = default;
};

using node_fault = std::variant<kill_process,
                                stop_process,
                                pause_process,
                                restart_process,
                                drop_packets,
                                refuse_new_connections,
                                end_connections,
                                limit_rate,
                                delay_packets,
                                fill_disk,
                                freeze_disk,
                                crash_clients>;

struct placed_fault {
    std::int32_t host = 0;  ///< A node, or `clients_host`.
    node_fault what;

    bool operator==(const placed_fault&) const = default;
};

/// What happens where. Acts of one stage happen together, stage after stage (a rolling restart has
/// as many as there are nodes).
using placement = std::vector<std::vector<placed_fault>>;

/// Requires: targets and nodes are not empty, the targets are among the nodes.
[[nodiscard]] placement place(const fault& what,
                              const std::vector<std::int32_t>& targets,
                              const std::set<std::int32_t>& nodes,
                              runtime::random_source& random);

/// Who does not hear whom (Jepsen calls it a grudge).
using deafness = std::map<std::int32_t, std::set<std::int32_t>>;

/// The groups hear themselves and nobody else.
[[nodiscard]] deafness split(const std::vector<std::set<std::int32_t>>& groups);
/// Every node hears a majority, no two the same one: those nearest to it on a circle.
/// Requires: three nodes or more.
[[nodiscard]] deafness majorities_ring(const std::vector<std::int32_t>& circle);
/// Two halves that only the first of `nodes` still connects.
/// Requires: three nodes or more.
[[nodiscard]] deafness bridge(const std::vector<std::int32_t>& nodes);

}  // namespace verdikt::nemesis
