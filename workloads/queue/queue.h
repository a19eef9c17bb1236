/// Sends and polls over the partitions of one topic.
///
/// Operations (shapes of jepsen.tests.kafka; checker/log/recording.h lists what is ours):
///     send          one to four values, each to a partition of its own drawing
///     poll          what the reader is given next
///     txn           sends and polls in one transaction; subscribers give it their offsets, too
///     assign        all partitions, from a drawn place
///     subscribe     as a member of one group
///     list-offsets  the ends of all partitions
///     crash         the process ends without a goodbye
///
/// Values are numbers, unique in their partition. An outcome is `ok` if all of it happened, `fail`
/// if none of it did or ever will, and `info` otherwise: after that the process is over.
///
/// In the end one reader reads everything from the beginning to the end that the leaders tell, so
/// that the checker can tell what is lost from what nobody has read yet.
#pragma once

#include "runtime/environment.h"
#include "workloads/queue/queue_options.h"
#include "workloads/recorder/recorder.h"
#include "workloads/workload.h"

#include <memory>

namespace verdikt::workloads {

/// Requires: world and history outlive it.
[[nodiscard]] std::unique_ptr<workload> make_queue(runtime::environment& world,
                                                   queue_options plan,
                                                   recorder& history);

}  // namespace verdikt::workloads
