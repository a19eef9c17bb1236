/// Producers that wait for nobody, for the leader and for all replicas, side by side in the same
/// partitions.
///
/// Operations are those of the queue workload (queue/queue.h): send, poll, assign, crash. A send
/// says `acks`, which its promises are judged by. One in four processes reads, the others send,
/// each with an `acks` of its own in turn. What was sent with acks=0 is never acknowledged: its
/// operations end as `info`, each of a process of its own.
///
/// In the end one reader reads everything, as in the queue workload.
#pragma once

#include "runtime/environment.h"
#include "workloads/load_options.h"
#include "workloads/recorder/recorder.h"
#include "workloads/workload.h"

#include <memory>
#include <string>

namespace verdikt::workloads {

struct mixed_durability_options {
    /// Its `acks` is not looked at.
    load_options load = {};
    std::string topic = "mixed";
    double crash_chance = 0.003;  ///< That a process crashes instead of its next operation.
};

/// Requires: world and history outlive it.
[[nodiscard]] std::unique_ptr<workload> make_mixed_durability(runtime::environment& world,
                                                              mixed_durability_options plan,
                                                              recorder& history);

}  // namespace verdikt::workloads
