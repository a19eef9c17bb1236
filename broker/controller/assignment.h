/// The replicas of new partitions: checked where an operator names them, placed where not.
#pragma once

#include "broker/controller/decision.h"
#include "broker/controller/draft.h"
#include "broker/controller/placement.h"
#include "broker/controller/settings.h"
#include "broker/metadata/cluster.h"
#include "kafka/types.h"
#include "runtime/random.h"

#include <cstdint>
#include <expected>
#include <vector>

namespace verdikt::broker::controller {

/// Of each partition, by its index.
using assignment = std::vector<metadata::nodes>;

/// What is wrong with replicas that somebody named: none, one twice, or one that is not registered.
[[nodiscard]] std::optional<fault> replicas_fault(const metadata::image& image,
                                                  const metadata::nodes& replicas);

/// Requires: `partitions` > 0. Refused with 38 if there are fewer brokers than `replicas`, or none
/// is active.
[[nodiscard]] std::expected<assignment, fault> placed(const metadata::image& image,
                                                      std::int32_t partitions,
                                                      std::int32_t replicas,
                                                      runtime::random_source& chance);

/// Every partition must have the same number of replicas, and one that is active: 39 if not.
[[nodiscard]] std::optional<fault> assignment_fault(const metadata::image& image,
                                                    const assignment& of);

/// The partition as it starts: who is active is in sync, and the first of those leads.
/// Requires: one of the replicas is active.
[[nodiscard]] metadata::partition new_partition(const metadata::image& image,
                                                const metadata::nodes& replicas);

/// Where a new replica on that broker will lie: known if the broker has one directory only
/// (KIP-858).
[[nodiscard]] kafka::uuid directory_for_new_replica(const metadata::image& image,
                                                    kafka::node_id broker);

}  // namespace verdikt::broker::controller
