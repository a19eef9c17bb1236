/// A quorum of real programs through a storm, and after it.
#pragma once

#include "tests/sim/quorum/state_machine.h"

#include <cstdint>
#include <optional>
#include <string>

namespace verdikt::tests {

struct quorum_outcome {
    std::optional<std::string> violation = {};
    quorum_counts counts;
    std::uint64_t epochs_led = 0;
    std::uint64_t records_committed = 0;
    std::uint64_t sectors_lost = 0;
    std::uint64_t trace_hash = 0;
    /// From the last heal until everybody had applied what was appended after it.
    runtime::duration recovery{};
};

[[nodiscard]] quorum_outcome run_quorum_storm(std::uint64_t seed);

}  // namespace verdikt::tests
