/// Whom a fault is aimed at: a role, asked of the cluster at the moment the fault begins.
///
/// Pure. A role that nobody holds just now (a partition without leader) is an answer of its own, so
/// that a run can say why a fault did not take place.
///
/// As text: `leader:orders/0`, `lagging:orders/0`, `group-coordinator:billing`, `node:2`, `one`.
#pragma once

#include "kafka/types.h"
#include "runtime/random.h"

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::nemesis {

/// The host that the clients run on, where nodes are numbered from 1.
inline constexpr std::int32_t clients_host = 0;

enum class role {
    leader,                   ///< Of a partition.
    followers,                ///< All replicas of a partition but its leader.
    in_sync,                  ///< One follower in the ISR of a partition.
    lagging,                  ///< One replica of a partition that is outside of its ISR.
    controller,               ///< The leader of the quorum.
    group_coordinator,        ///< Of a consumer group.
    transaction_coordinator,  ///< Of a transactional id.
    one,                      ///< Any node.
    minority,                 ///< As many as may be lost while a majority is left.
    majority,                 ///< The fewest without which no majority is left.
    all,
    node,     ///< The node of that number.
    clients,  ///< The host of the clients.
};

struct selector {
    role who = role::one;
    kafka::topic_partition partition = {};  ///< For the roles of a partition.
    std::string id = {};                    ///< For the coordinators: group or transactional id.
    std::int32_t node = 0;                  ///< For `node`.

    bool operator==(const selector&) const = default;
};

[[nodiscard]] std::string to_text(const selector& which);
/// The reason if it is no selector.
[[nodiscard]] std::expected<selector, std::string> parse_selector(std::string_view text);
/// The words for roles, in the order of the enum.
[[nodiscard]] std::vector<std::string_view> role_names();

struct partition_roles {
    std::int32_t leader = -1;  ///< -1: none.
    std::vector<std::int32_t> replicas;
    std::vector<std::int32_t> isr;
};

/// What the cluster said of itself, as far as it answered.
struct cluster_view {
    std::set<std::int32_t> nodes;
    std::optional<std::int32_t> controller;
    std::map<kafka::topic_partition, partition_roles> partitions;
    std::map<std::string, std::int32_t> group_coordinators;
    std::map<std::string, std::int32_t> transaction_coordinators;
};

/// The nodes meant, sorted; or why there is none. `random` chooses where several would do.
/// Requires: `view.nodes` is not empty.
[[nodiscard]] std::expected<std::vector<std::int32_t>, std::string> resolve(
    const selector& which, const cluster_view& view, runtime::random_source& random);

}  // namespace verdikt::nemesis
