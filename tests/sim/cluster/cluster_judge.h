/// Whether the brokers of a cluster at rest agree with one another.
#pragma once

#include "tests/sim/cluster/cluster_machine.h"
#include "tests/sim/cluster/committed_content.h"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::tests {

/// Why the cluster is not at rest yet: somebody is down, behind or out of sync. Nothing once every
/// replica of a topic (coordinators' own aside, which are never quite at rest) is in sync and every
/// node knows everything to be committed.
[[nodiscard]] std::optional<std::string> unrest(const std::deque<cluster_machine>& machines);

/// What each node is, knows of the topics and holds of them, for whoever reads a violation.
[[nodiscard]] std::string picture(const std::deque<cluster_machine>& machines);

/// One sentence for each partition whose committed bytes differ between two nodes (to where all
/// know them to be committed), and for images of the metadata that differ. Requires: at rest.
runtime::awaitable<std::vector<std::string>> differences(
    const std::deque<cluster_machine>& machines);

/// What the log of each partition of the topic says to be committed. Requires: at rest, and no
/// difference.
runtime::awaitable<std::map<kafka::topic_partition, std::vector<committed_record>>> committed_in(
    const std::deque<cluster_machine>& machines, std::string topic);

}  // namespace verdikt::tests
