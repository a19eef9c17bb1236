/// Transactions over keys: what the workloads list-append and rw-register share.
///
/// A key is a partition. Half of the processes write, in Kafka's transactions (key_writer.h); the
/// others read, in operations of their own (key_reader.h): a log has no reads that are part of a
/// transaction. Whoever wrote does not read, so each process sees a key's states in one order; what
/// it has just committed it might not see yet.
///
/// A transaction writes each of its keys once. Of two records of one transaction in one partition a
/// reader may rightly see the first alone: the last stable offset may lie between them, where
/// another transaction begins that is still open.
///
/// In the end every key is read once more (key_final_reader.h).
#pragma once

#include "runtime/environment.h"
#include "workloads/keyed_transactions/keyed_options.h"
#include "workloads/recorder/recorder.h"
#include "workloads/workload.h"

#include <memory>

namespace verdikt::workloads {

/// Requires: world and history outlive it.
[[nodiscard]] std::unique_ptr<workload> make_keyed_transactions(runtime::environment& world,
                                                                keyed_options plan,
                                                                recorder& history);

}  // namespace verdikt::workloads
