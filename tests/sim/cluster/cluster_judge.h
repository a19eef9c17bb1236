/// Whether the brokers of a cluster at rest agree with one another.
#pragma once

#include "tests/sim/cluster/cluster_machine.h"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::tests {

/// Why the cluster is not at rest yet: somebody is down, behind or out of sync. Nothing once every
/// replica of the topic is in sync and every node knows everything to be committed.
[[nodiscard]] std::optional<std::string> unrest(const std::deque<cluster_machine>& machines,
                                                const std::string& topic);

/// What each node is, knows of the topic and holds of it, for whoever reads a violation.
[[nodiscard]] std::string picture(const std::deque<cluster_machine>& machines,
                                  const std::string& topic);

/// One sentence for each partition whose committed bytes differ between two nodes, and for images
/// of the metadata that differ. Requires: at rest.
runtime::awaitable<std::vector<std::string>> differences(
    const std::deque<cluster_machine>& machines, std::string topic);

}  // namespace verdikt::tests
