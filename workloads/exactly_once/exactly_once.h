/// Consume, transform, produce: instances of one group turn each input into one output.
///
/// Operations (checker/exactly_once/recording.h has their shapes):
///     topics     which keys are input and which are output
///     send       the feeder writes one to four inputs
///     init       an instance takes its transactional id over
///     txn        it reads inputs and writes their outputs and its offsets in one transaction
///     crash      an instance ends without a goodbye
///     committed, assign, poll   in the end: what the group has committed, and everything there is
///
/// Instances come and go: they crash, they leave and come back, and some are zombies: between
/// reading and committing they stand still for longer than the group waits, while others take their
/// partitions and, for one in two, a successor its transactional id. Then they go on as if nothing
/// had happened, and must be refused.
///
/// Without transactions (`no_transactions`) an instance writes its outputs and then commits its
/// offsets: at least once. With `auto_commit` its transactions carry no offsets: it works at what
/// it was given for some time and goes on polling meanwhile, as programs do that hand records to
/// others and want to stay in their group. Its consumer then commits what nobody has processed.
#pragma once

#include "runtime/environment.h"
#include "workloads/load_options.h"
#include "workloads/recorder/recorder.h"
#include "workloads/workload.h"

#include <memory>

namespace verdikt::workloads {

struct exactly_once_options {
    load_options load;
    std::string input = "eos-input";
    std::string output = "eos-output";
    std::string group = "eos";
    double zombie_chance = 0.02;
    double crash_chance = 0.005;
    double leave_chance = 0.005;
    double abort_chance = 0.05;  ///< That a transaction is aborted on purpose.
};

/// Requires: world and history outlive it.
[[nodiscard]] std::unique_ptr<workload> make_exactly_once(runtime::environment& world,
                                                          exactly_once_options plan,
                                                          recorder& history);

}  // namespace verdikt::workloads
