/// Where the replicas of new partitions go: round robin over the brokers, racks taking turns.
#pragma once

#include "broker/metadata/image.h"
#include "kafka/types.h"
#include "runtime/random.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::broker::controller {

struct placement_candidate {
    kafka::node_id id;
    std::optional<std::string> rack;
    /// Takes writes now. One that does not is chosen only where nobody else is left, and never
    /// first.
    bool is_active = true;
};

struct placement_size {
    std::size_t partitions = 0;
    std::size_t replicas = 0;
};

/// All registered brokers.
[[nodiscard]] std::vector<placement_candidate> candidates_of(const metadata::image& image);

/// The replicas of each partition, preferred leader first: spread over as many racks as there are,
/// and leaders and followers over all brokers of a rack alike. Where it starts is left to chance,
/// or the first broker would lead every small topic. Requires: 0 < replicas <= candidates, and one
/// of them is active.
[[nodiscard]] std::vector<metadata::nodes> place(std::vector<placement_candidate> candidates,
                                                 placement_size size,
                                                 runtime::random_source& chance);

}  // namespace verdikt::broker::controller
