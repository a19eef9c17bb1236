/// Transactions that write registers, and reads of what they hold.
///
/// Operations, all of `f` txn (keyed_transactions.h says who does which):
///     [["w", k, v], …]   one transaction of Kafka that sends v to partition k
///     [["r", k, v], …]   the last committed record before the end that the leader of k told
///
/// A key is a partition, its value the newest record that is committed there. The versions of a
/// key have the order of their offsets, which operations tell besides (`offsets`). What a log
/// promises of that (`kafka-log`, checker/transactions/consistency_model.h):
///     phantom            what is read was written
///     G1a                what was aborted is never read
///     cyclic-versions    an offset means one version, a version has one offset, and a process
///                        does not go back: a client takes no end from a leader older than one that
///                        it has known, and a new leader tells none before it has all that its
///                        predecessor had shown (KIP-207, KIP-320)
///     lost-write         in the end nothing older is there than what was acknowledged, or read
/// Of transactions over several keys it promises no more than list_append.h says.
#pragma once

#include "runtime/environment.h"
#include "workloads/load_options.h"
#include "workloads/recorder/recorder.h"
#include "workloads/workload.h"

#include <memory>

namespace verdikt::workloads {

/// Requires: world and history outlive it.
[[nodiscard]] std::unique_ptr<workload> make_rw_register(runtime::environment& world,
                                                         load_options load,
                                                         recorder& history);

}  // namespace verdikt::workloads
