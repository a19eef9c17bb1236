#include "nemesis/fault.h"

#include "runtime/check.h"
#include "runtime/nearest_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace verdikt::nemesis {

namespace {

constexpr std::array any_role{role::leader,
                              role::followers,
                              role::in_sync,
                              role::lagging,
                              role::controller,
                              role::group_coordinator,
                              role::transaction_coordinator,
                              role::one,
                              role::minority,
                              role::majority,
                              role::all};
/// Where it would change nothing to take all.
constexpr std::array single_role{role::leader,
                                 role::in_sync,
                                 role::controller,
                                 role::group_coordinator,
                                 role::transaction_coordinator,
                                 role::one};
/// Nodes with which every other node has to do all the time. A node that leads nothing may go
/// without a packet of some other for as long as it likes.
constexpr std::array sought_role{
    role::leader, role::controller, role::group_coordinator, role::transaction_coordinator};
/// And those with which clients have.
constexpr std::array served_role{
    role::leader, role::group_coordinator, role::transaction_coordinator, role::all};
/// Whom nodes and clients both come to, and who has something to send to them.
constexpr std::array busy_role{role::leader,
                               role::controller,
                               role::group_coordinator,
                               role::transaction_coordinator,
                               role::all};
constexpr std::array disk_role{role::leader, role::in_sync, role::one, role::minority};
constexpr std::array client_role{role::clients};

constexpr std::array<fault_parameter, 1> ways{
    {{"outward", 0, 1, "0: it does not hear the others; 1: they do not hear it"}}};
// Below that it may spare every packet of a quiet node.
constexpr std::array<fault_parameter, 1> loss{
    {{"loss_percent", 10, 40, "share of the packets dropped that the nodes receive"}}};
// What a trial sends is little; at more than this nothing would have to wait.
constexpr std::array<fault_parameter, 1> rate{
    {{"kilobits", 50, 400, "a second, of what the nodes send"}}};
constexpr std::array<fault_parameter, 2> delays{
    {{"delay_ms", 20, 300, "how much later packets arrive"},
     {"jitter_ms", 0, 50, "more or less than that, at random; order is kept"}}};

/// A few times as long as brokers and clients are ever silent towards those that they need: fetches
/// wait for half a second, heartbeats come every one or two.
constexpr std::chrono::milliseconds noticed{2000};
/// The bucket of a limit has to run dry first.
constexpr std::chrono::milliseconds run_dry{3000};

using enum fault_family;

constexpr std::array<fault_description, 20> catalogue{{
    {.kind = fault_kind::kill,
     .name = "kill",
     .family = process,
     .needs = capability::processes,
     .aims = any_role,
     .summary = "SIGKILL to the broker; it is started again"},
    {.kind = fault_kind::stop,
     .name = "stop",
     .family = process,
     .needs = capability::processes,
     .aims = any_role,
     .summary = "SIGTERM to the broker, which hands over and ends; it is started again"},
    {.kind = fault_kind::pause,
     .name = "pause",
     .family = process,
     .needs = capability::processes,
     .aims = any_role,
     .summary = "SIGSTOP to the broker; it goes on later, believing no time has passed"},
    {.kind = fault_kind::restart,
     .name = "restart",
     .family = process,
     .needs = capability::processes,
     .instant = true,
     .aims = single_role,
     .summary = "the broker ends in good order and starts again at once"},
    {.kind = fault_kind::rolling_restart,
     .name = "rolling-restart",
     .family = process,
     .needs = capability::processes,
     .instant = true,
     .summary = "every broker in turn ends in good order and starts again"},
    {.kind = fault_kind::partition_one,
     .name = "partition-one",
     .family = network,
     .needs = capability::packets,
     .nodes_min = 2,
     .aims = single_role,
     .lasts_min = noticed,
     .summary = "nodes each cut off from all other nodes; clients still reach them"},
    {.kind = fault_kind::partition_halves,
     .name = "partition-halves",
     .family = network,
     .needs = capability::packets,
     .nodes_min = 2,
     .lasts_min = noticed,
     .summary = "two halves, as even as can be, that do not hear each other"},
    {.kind = fault_kind::partition_majority,
     .name = "partition-majority",
     .family = network,
     .needs = capability::packets,
     .nodes_min = 3,
     .lasts_min = noticed,
     .summary = "the smallest majority stays together, every other node stands alone"},
    {.kind = fault_kind::partition_ring,
     .name = "partition-ring",
     .family = network,
     .needs = capability::packets,
     .nodes_min = 3,
     .lasts_min = noticed,
     .summary = "every node hears a majority, no two nodes the same one"},
    {.kind = fault_kind::partition_bridge,
     .name = "partition-bridge",
     .family = network,
     .needs = capability::packets,
     .nodes_min = 3,
     .aims = sought_role,
     .lasts_min = noticed,
     .summary = "two halves that a single node still connects, which is not the target"},
    {.kind = fault_kind::partition_one_way,
     .name = "partition-one-way",
     .family = network,
     .needs = capability::packets,
     .nodes_min = 2,
     .aims = single_role,
     .lasts_min = noticed,
     .parameters = ways,
     .summary = "packets between nodes and the other nodes pass in one direction only"},
    {.kind = fault_kind::partition_clients,
     .name = "partition-clients",
     .family = network,
     .needs = capability::packets,
     .aims = served_role,
     .lasts_min = noticed,
     .summary = "nodes cut off from the clients; other nodes still reach them"},
    {.kind = fault_kind::reset_connections,
     .name = "reset-connections",
     .family = network,
     .needs = capability::connections,
     .instant = true,
     .aims = any_role,
     .summary = "every connection of the nodes, from nodes and clients, is ended"},
    {.kind = fault_kind::refuse_connections,
     .name = "refuse-connections",
     .family = network,
     .needs = capability::packets,
     .aims = busy_role,
     .lasts_min = noticed,
     .summary = "connections to the nodes are refused; those open are reset when next used"},
    {.kind = fault_kind::packet_loss,
     .name = "packet-loss",
     .family = shaping,
     .needs = capability::packets,
     .aims = any_role,
     .lasts_min = noticed,
     .parameters = loss,
     .summary = "packets to the nodes are dropped at random"},
    {.kind = fault_kind::bandwidth,
     .name = "bandwidth",
     .family = shaping,
     .needs = capability::bandwidth,
     .aims = busy_role,
     .lasts_min = run_dry,
     .parameters = rate,
     .summary = "the nodes send slowly"},
    {.kind = fault_kind::latency,
     .name = "latency",
     .family = shaping,
     .needs = capability::latency,
     .aims = any_role,
     .lasts_min = noticed,
     .parameters = delays,
     .summary = "packets to the nodes arrive late"},
    {.kind = fault_kind::disk_full,
     .name = "disk-full",
     .family = disk,
     .needs = capability::bounded_disk,
     .aims = disk_role,
     .summary = "the disk has no room left; it has again later"},
    {.kind = fault_kind::disk_read_only,
     .name = "disk-read-only",
     .family = disk,
     .needs = capability::forced_read_only,
     .aims = disk_role,
     .summary = "the disk refuses every write, as after an error of its file system"},
    {.kind = fault_kind::client_crash,
     .name = "client-crash",
     .family = client,
     .needs = capability::clients,
     .instant = true,
     .aims = client_role,
     .summary = "clients end without a goodbye and are started again"},
}};

constexpr std::array<std::pair<capability, std::string_view>, 8> capabilities{{
    {capability::processes, "processes"},
    {capability::packets, "packets"},
    {capability::connections, "connections"},
    {capability::bandwidth, "bandwidth"},
    {capability::latency, "latency"},
    {capability::bounded_disk, "bounded-disk"},
    {capability::forced_read_only, "forced-read-only"},
    {capability::clients, "clients"},
}};

}  // namespace

std::span<const fault_description> fault_catalogue() {
    return catalogue;
}

const fault_description& describe(fault_kind kind) {
    const auto& found = catalogue.at(static_cast<std::size_t>(kind));
    CHECK(found.kind == kind);
    return found;
}

std::expected<fault_kind, std::string> parse_fault_kind(std::string_view name) {
    const auto found = std::ranges::find(catalogue, name, &fault_description::name);
    if (found != catalogue.end()) return found->kind;
    std::vector<std::string_view> names;
    names.reserve(catalogue.size());
    for (const fault_description& each : catalogue) names.push_back(each.name);
    return std::unexpected(fmt::format(
        "unknown fault '{}'; did you mean {}?", name, runtime::nearest_name(name, names)));
}

std::string_view to_text(fault_kind kind) {
    return describe(kind).name;
}

std::string_view to_text(capability which) {
    const auto& found = capabilities.at(static_cast<std::size_t>(which));
    CHECK(found.first == which);
    return found.second;
}

std::string_view to_text(fault_family family) {
    switch (family) {
        case fault_family::process:
            return "process";
        case fault_family::network:
            return "network";
        case fault_family::shaping:
            return "shaping";
        case fault_family::disk:
            return "disk";
        case fault_family::client:
            return "client";
    }
    CHECK(false, "family {}", static_cast<int>(family));
    return {};
}

std::span<const capability> all_capabilities() {
    static constexpr auto all = [] {
        std::array<capability, capabilities.size()> found{};
        for (std::size_t at = 0; at < found.size(); ++at) found[at] = capabilities[at].first;
        return found;
    }();
    return all;
}

std::int64_t fault::parameter(std::string_view name) const {
    const auto& known = describe(kind).parameters;
    const auto declared = std::ranges::find(known, name, &fault_parameter::name);
    CHECK(declared != known.end(), "{} has no {}", to_text(kind), name);
    const auto given = parameters.find(std::string(name));
    return given == parameters.end() ? declared->low : given->second;
}

std::string to_text(const fault& which) {
    std::vector<std::string> given;
    given.reserve(which.parameters.size());
    for (const auto& [name, value] : which.parameters) {
        given.push_back(fmt::format("{}={}", name, value));
    }
    const fault_description& known = describe(which.kind);
    std::string text(known.name);
    if (!given.empty()) text += fmt::format("({})", fmt::join(given, ", "));
    if (!known.aims.empty()) text += " of " + to_text(which.target);
    return text;
}

}  // namespace verdikt::nemesis
