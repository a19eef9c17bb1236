/// Three or five real brokers and our real client in one simulated world, through a storm and after
/// it.
#pragma once

#include "runtime/clock.h"
#include "tests/sim/cluster/cluster_marks.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::tests {

struct cluster_storm_form {
    runtime::duration span = std::chrono::seconds(58);
    /// Whether brokers acknowledge only what is on stable storage: the default mode.
    bool durable = true;
};

struct cluster_outcome {
    std::vector<std::string> violations = {};
    cluster_marks reached;
    std::uint64_t clean_ends = 0;
    std::uint64_t starts = 0;
    /// From the heal until a record was acknowledged in each partition.
    runtime::duration recovery{};
    runtime::duration simulated{};
    std::uint64_t trace_hash = 0;
};

/// A storm of about `form.span`, drawn from the seed; then everything is healed, a record is sent
/// to each partition, the logs come to rest, and all is compared.
[[nodiscard]] cluster_outcome run_cluster_storm(std::uint64_t seed, const cluster_storm_form& form);

}  // namespace verdikt::tests
