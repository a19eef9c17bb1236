/// What can break: the catalogue of faults, and one fault as data.
///
/// Pure. A fault is aimed by a selector and measured by a few numbers. What it does on which node
/// is worked out by `place` (placement.h) once the selector is resolved, and what a lab can do of
/// it the lab says (lab.h).
#pragma once

#include "nemesis/selector.h"

#include <chrono>
#include <cstdint>
#include <expected>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::nemesis {

enum class fault_kind {
    kill,
    stop,
    pause,
    restart,
    rolling_restart,
    partition_one,
    partition_halves,
    partition_majority,
    partition_ring,
    partition_bridge,
    partition_one_way,
    partition_clients,
    reset_connections,
    refuse_connections,
    packet_loss,
    bandwidth,
    latency,
    disk_full,
    disk_read_only,
    client_crash,
};

/// Faults of one family share what they break; two of them should not overlap on a node.
enum class fault_family { process, network, shaping, disk, client };

/// What a lab must be able to do for a fault. It says which it can, and why it cannot the others.
enum class capability {
    processes,     ///< Signals to and starts of the broker's process.
    packets,       ///< Rules on each packet that a node receives.
    connections,   ///< Ends connections from outside of the process.
    bandwidth,     ///< Limits the rate at which a node sends.
    latency,       ///< Holds packets back.
    bounded_disk,  ///< The log directory is a file system of its own, whose size can change.
    forced_read_only,
    clients,  ///< The workload lets its clients be crashed.
};

struct fault_parameter {
    std::string_view name;  ///< With its unit, as in `delay_ms`.
    std::int64_t low = 0;   ///< A drawn schedule stays within low and high.
    std::int64_t high = 0;
    std::string_view meaning;
};

struct fault_description {
    fault_kind kind{};
    std::string_view name;  ///< As in schedules and on the command line.
    fault_family family{};
    capability needs{};
    /// Over at once: there is nothing to undo, and it takes no span of time in a schedule.
    bool instant = false;
    std::int32_t nodes_min = 1;  ///< With fewer it would mean nothing.
    /// The roles that a drawn schedule aims it at. Empty: it chooses its nodes itself.
    std::span<const role> aims = {};
    /// A drawn one lasts at least so long: what it breaks has to be used meanwhile, or it never
    /// bites.
    std::chrono::milliseconds lasts_min{500};
    std::span<const fault_parameter> parameters = {};
    std::string_view summary;
};

/// In the order of the enum.
[[nodiscard]] std::span<const fault_description> fault_catalogue();
[[nodiscard]] const fault_description& describe(fault_kind kind);
/// The reason names the nearest known fault.
[[nodiscard]] std::expected<fault_kind, std::string> parse_fault_kind(std::string_view name);
[[nodiscard]] std::string_view to_text(fault_kind kind);
[[nodiscard]] std::string_view to_text(capability which);
[[nodiscard]] std::string_view to_text(fault_family family);
[[nodiscard]] std::span<const capability> all_capabilities();

struct fault {
    fault_kind kind = fault_kind::kill;
    selector target = {};
    std::map<std::string, std::int64_t> parameters = {};  ///< By `fault_parameter::name`.

    bool operator==(const fault&) const = default;

    /// Requires: the kind has that parameter. One that was not given is at the low end.
    [[nodiscard]] std::int64_t parameter(std::string_view name) const;
};

/// `packet-loss(loss_percent=20) of leader:orders/0`
[[nodiscard]] std::string to_text(const fault& which);

}  // namespace verdikt::nemesis
