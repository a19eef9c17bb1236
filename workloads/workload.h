/// What a trial asks of a workload: to make what it needs, to run, to read everything in the end.
///
/// A workload records what it does (recorder/recorder.h) and judges nothing. It reaches the world
/// through the environment that it was given, so it runs in the simulated world too.
///
/// To add one: a folder workloads/NAME with a factory, a judge (checker/…), and a row in
/// trial/kinds.cpp.
#pragma once

#include "kafka/types.h"
#include "runtime/awaitable.h"
#include "runtime/clock.h"

#include <cstddef>
#include <expected>
#include <string>
#include <vector>

namespace verdikt::workloads {

/// What of a workload faults can be aimed at, by role.
struct aims {
    std::vector<kafka::topic_partition> partitions = {};
    std::vector<std::string> groups = {};
    std::vector<std::string> transactional_ids = {};
};

class workload {
  public:
    virtual ~workload() = default;

    [[nodiscard]] virtual aims fault_aims() const = 0;

    /// Makes topics and the like; tries until the deadline. The reason if it did not succeed.
    virtual runtime::awaitable<std::expected<void, std::string>> set_up(
        runtime::instant deadline) = 0;
    /// Begins operations until then, and returns once all of them have ended.
    virtual runtime::awaitable<void> run(runtime::instant until) = 0;
    /// Reads back what there is, after everything was healed. What it could not read by the
    /// deadline is missing in the history, and the checker sees that.
    virtual runtime::awaitable<void> finish(runtime::instant deadline) = 0;

    /// The clients end as if their machine had died, and others take their place. Returns how
    /// many were there.
    virtual std::size_t crash_clients() = 0;
};

}  // namespace verdikt::workloads
