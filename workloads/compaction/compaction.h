/// Keyed records and tombstones to partitions that are cleaned all the time, read back meanwhile
/// and in the end.
///
/// Two topics, whose partitions the history counts on: one that is compacted, one whose old records
/// are deleted. Operations (checker/compaction/recording.h has their shapes):
///     create          says how each partition is cleaned
///     send            one to three records or tombstones, each to a partition and key of its own
///                     drawing
///     scan            one partition, from its beginning to its end
///     delete-records  of a partition whose old records are deleted
///     crash           the process ends without a goodbye
///
/// A record carries a number in a header that no other has. Outcomes: `ok` if all of it happened,
/// `fail` if none of it did or ever will, and `info` otherwise: after that the process is over. In
/// the end every partition is scanned once more.
#pragma once

#include "runtime/environment.h"
#include "workloads/compaction/compaction_options.h"
#include "workloads/recorder/recorder.h"
#include "workloads/workload.h"

#include <memory>

namespace verdikt::workloads {

/// Requires: world and history outlive it.
[[nodiscard]] std::unique_ptr<workload> make_compaction(runtime::environment& world,
                                                        compaction_options plan,
                                                        recorder& history);

}  // namespace verdikt::workloads
