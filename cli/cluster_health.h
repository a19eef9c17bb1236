/// How a cluster is, as an operator would ask first.
#pragma once

#include "client/admin.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace verdikt::cli {

struct cluster_health {
    std::optional<std::int32_t> controller;  ///< Nothing while no leader of the quorum answers.
    std::set<std::int32_t> active_brokers;   ///< As the broker that was asked sees them.
    std::size_t under_replicated = 0;        ///< Partitions whose replicas are not all in sync.
    std::size_t leaderless = 0;              ///< Partitions that nobody leads.

    bool operator==(const cluster_health&) const = default;
};

/// Nothing if no broker answered in time.
runtime::awaitable<std::optional<cluster_health>> look_at_health(client::admin& admin);

/// One line.
[[nodiscard]] std::string describe(const std::optional<cluster_health>& health, std::size_t nodes);

}  // namespace verdikt::cli
