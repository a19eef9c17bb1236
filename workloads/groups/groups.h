/// The members of one group come and go, and commit what they have read.
///
/// Operations (checker/groups/recording.h has their shapes; keys are partitions of one topic):
///     subscribe    a process becomes a member; every third is static
///     poll         records, and what the listener was told meanwhile
///     commit       what was polled since
///     committed    what the group has committed, asked by a member
///     unsubscribe  a member leaves and says goodbye
///     crash        a member ends without one
///     send         a feeder writes
///
/// In the last third of every twelve seconds many members leave, crash and come back at once. Some
/// do not poll for longer than the group waits, and commit then. Whether partitions are taken from
/// everybody at each rebalance or only where it is needed (eager or cooperative) is drawn from the
/// seed. In the end one member takes all partitions and looks at what is committed.
#pragma once

#include "runtime/environment.h"
#include "workloads/load_options.h"
#include "workloads/recorder/recorder.h"
#include "workloads/workload.h"

#include <memory>

namespace verdikt::workloads {

struct groups_options {
    load_options load;
    std::string topic = "groups";
    std::string group = "members";
    double leave_chance = 0.005;
    double crash_chance = 0.003;
    double still_chance = 0.003;  ///< That a member does not poll for too long.
    double storm_factor = 16;     ///< How much more often they come and go in a storm.

    [[nodiscard]] bool cooperative() const { return load.seed % 2 == 1; }
};

/// Requires: world and history outlive it.
[[nodiscard]] std::unique_ptr<workload> make_groups(runtime::environment& world,
                                                    groups_options plan,
                                                    recorder& history);

}  // namespace verdikt::workloads
