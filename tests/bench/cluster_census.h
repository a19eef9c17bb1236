/// How the partitions of a cluster stand, as clients are told.
#pragma once

#include "three_brokers.h"

#include "kafka/messages/metadata.h"

#include <cstddef>
#include <cstdint>

namespace verdikt::bench {

/// What one broker's Metadata says.
[[nodiscard]] kafka::messages::metadata_response metadata_of(const three_brokers& cluster,
                                                             std::size_t by);

struct census {
    std::size_t partitions = 0;
    std::size_t without_leader = 0;
    std::size_t led_by_asked = 0;  ///< By the node that was asked about.
    std::size_t in_sync = 0;       ///< On all nodes.
};
/// `about` is a node of `three_brokers`.
[[nodiscard]] census count_partitions(const kafka::messages::metadata_response& told,
                                      std::size_t about);

/// The number of partitions that their leaders serve to consumers now: Metadata knows a leader
/// before it does itself.
[[nodiscard]] std::size_t served_partitions(const three_brokers& cluster,
                                            const kafka::messages::metadata_response& told);

/// The node whose controller is active. Requires: `by` runs and knows one.
[[nodiscard]] std::size_t active_controller(const three_brokers& cluster, std::size_t by);

}  // namespace verdikt::bench
