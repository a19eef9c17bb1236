#include "nemesis/placement.h"

#include "runtime/check.h"

#include <algorithm>
#include <span>
#include <utility>

namespace verdikt::nemesis {

namespace {

std::vector<placed_fault> everywhere(const std::vector<std::int32_t>& hosts,
                                     const node_fault& what) {
    std::vector<placed_fault> acts;
    acts.reserve(hosts.size());
    for (const std::int32_t host : hosts) acts.push_back({.host = host, .what = what});
    return acts;
}

std::vector<placed_fault> cuts(const deafness& grudge) {
    std::vector<placed_fault> acts;
    for (const auto& [host, unheard] : grudge) {
        if (!unheard.empty()) acts.push_back({.host = host, .what = drop_packets{.from = unheard}});
    }
    return acts;
}

std::set<std::int32_t> without(std::set<std::int32_t> nodes, std::int32_t node) {
    nodes.erase(node);
    return nodes;
}

std::vector<std::int32_t> shuffled(const std::set<std::int32_t>& nodes,
                                   runtime::random_source& random) {
    std::vector<std::int32_t> order(nodes.begin(), nodes.end());
    random.shuffle(std::span(order));
    return order;
}

std::vector<std::set<std::int32_t>> halves(const std::vector<std::int32_t>& order) {
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(order.size() / 2);
    return {{order.begin(), middle}, {middle, order.end()}};
}

std::vector<std::set<std::int32_t>> majority_and_strays(const std::vector<std::int32_t>& order) {
    const auto end = order.begin() + static_cast<std::ptrdiff_t>((order.size() / 2) + 1);
    std::vector<std::set<std::int32_t>> groups{{order.begin(), end}};
    for (auto stray = end; stray != order.end(); ++stray) groups.push_back({*stray});
    return groups;
}

/// Each target alone; the rest stay together.
deafness alone(const std::vector<std::int32_t>& targets, const std::set<std::int32_t>& nodes) {
    std::set<std::int32_t> rest = nodes;
    std::vector<std::set<std::int32_t>> groups;
    for (const std::int32_t target : targets) {
        rest.erase(target);
        groups.push_back({target});
    }
    groups.push_back(rest);
    return split(groups);
}

deafness one_way(const fault& what,
                 const std::vector<std::int32_t>& targets,
                 const std::set<std::int32_t>& nodes) {
    deafness grudge;
    for (const std::int32_t target : targets) {
        for (const std::int32_t other : without(nodes, target)) {
            if (what.parameter("outward") == 0) {
                grudge[target].insert(other);
            } else {
                grudge[other].insert(target);
            }
        }
    }
    return grudge;
}

deafness from_clients(const std::vector<std::int32_t>& targets) {
    deafness grudge;
    for (const std::int32_t target : targets) {
        grudge[target].insert(clients_host);
        grudge[clients_host].insert(target);
    }
    return grudge;
}

std::vector<placed_fault> shaped(const fault& what,
                                 const std::vector<std::int32_t>& targets,
                                 const std::set<std::int32_t>& nodes) {
    std::vector<placed_fault> acts;
    for (const std::int32_t target : targets) {
        std::set<std::int32_t> others = without(nodes, target);
        others.insert(clients_host);
        switch (what.kind) {
            case fault_kind::reset_connections:
                acts.push_back({.host = target, .what = end_connections{.with = others}});
                break;
            case fault_kind::refuse_connections:
                acts.push_back({.host = target, .what = refuse_new_connections{.from = others}});
                break;
            default:
                CHECK(what.kind == fault_kind::packet_loss);
                acts.push_back({.host = target,
                                .what = drop_packets{.from = others,
                                                     .percent = what.parameter("loss_percent")}});
        }
    }
    return acts;
}

/// The target is in one of the halves, and so has something to miss in the other.
deafness bridge_beside(std::int32_t target,
                       const std::set<std::int32_t>& nodes,
                       runtime::random_source& random) {
    std::vector<std::int32_t> order = shuffled(nodes, random);
    if (order.front() == target) std::swap(order.front(), order.back());
    return bridge(order);
}

placement one_after_the_other(const std::set<std::int32_t>& nodes, runtime::random_source& random) {
    placement stages;
    for (const std::int32_t node : shuffled(nodes, random)) {
        stages.push_back({{.host = node, .what = restart_process{}}});
    }
    return stages;
}

}  // namespace

deafness split(const std::vector<std::set<std::int32_t>>& groups) {
    deafness grudge;
    for (const auto& group : groups) {
        for (const auto& other : groups) {
            if (&other == &group) continue;
            for (const std::int32_t node : group) grudge[node].insert(other.begin(), other.end());
        }
    }
    return grudge;
}

deafness majorities_ring(const std::vector<std::int32_t>& circle) {
    const std::size_t count = circle.size();
    CHECK(count >= 3);
    const std::size_t heard = (count / 2) + 1;  // With itself.
    const std::size_t before = (heard - 1) / 2;
    deafness grudge;
    for (std::size_t at = 0; at < count; ++at) {
        for (std::size_t step = heard - before; step < count - before; ++step) {
            grudge[circle[at]].insert(circle[(at + step) % count]);
        }
    }
    return grudge;
}

deafness bridge(const std::vector<std::int32_t>& nodes) {
    CHECK(nodes.size() >= 3);
    return split(halves({nodes.begin() + 1, nodes.end()}));
}

placement place(const fault& what,
                const std::vector<std::int32_t>& targets,
                const std::set<std::int32_t>& nodes,
                runtime::random_source& random) {
    CHECK(!nodes.empty());
    CHECK(!targets.empty());
    switch (what.kind) {
        case fault_kind::kill:
            return {everywhere(targets, kill_process{})};
        case fault_kind::stop:
            return {everywhere(targets, stop_process{})};
        case fault_kind::pause:
            return {everywhere(targets, pause_process{})};
        case fault_kind::restart:
            return {everywhere(targets, restart_process{})};
        case fault_kind::rolling_restart:
            return one_after_the_other(nodes, random);
        case fault_kind::partition_one:
            return {cuts(alone(targets, nodes))};
        case fault_kind::partition_halves:
            return {cuts(split(halves(shuffled(nodes, random))))};
        case fault_kind::partition_majority:
            return {cuts(split(majority_and_strays(shuffled(nodes, random))))};
        case fault_kind::partition_ring:
            return {cuts(majorities_ring(shuffled(nodes, random)))};
        case fault_kind::partition_bridge:
            return {cuts(bridge_beside(targets.front(), nodes, random))};
        case fault_kind::partition_one_way:
            return {cuts(one_way(what, targets, nodes))};
        case fault_kind::partition_clients:
            return {cuts(from_clients(targets))};
        case fault_kind::reset_connections:
        case fault_kind::refuse_connections:
        case fault_kind::packet_loss:
            return {shaped(what, targets, nodes)};
        case fault_kind::bandwidth:
            return {everywhere(targets, limit_rate{.kilobits = what.parameter("kilobits")})};
        case fault_kind::latency:
            return {everywhere(
                targets,
                delay_packets{.delay = std::chrono::milliseconds(what.parameter("delay_ms")),
                              .jitter = std::chrono::milliseconds(what.parameter("jitter_ms"))})};
        case fault_kind::disk_full:
            return {everywhere(targets, fill_disk{})};
        case fault_kind::disk_read_only:
            return {everywhere(targets, freeze_disk{})};
        case fault_kind::client_crash:
            return {everywhere({clients_host}, crash_clients{})};
    }
    CHECK(false, "fault {}", static_cast<int>(what.kind));
    return {};
}

}  // namespace verdikt::nemesis
