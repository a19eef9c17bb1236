/// Transactions that append to lists, and reads of whole lists.
///
/// Operations, all of `f` txn (keyed_transactions.h says who does which):
///     [["append", k, v], …]   one transaction of Kafka that sends v to partition k
///     [["r", k, [v, …]], …]   partition k from its beginning to the end that its leader told
///
/// A key is a partition, its list what is committed there, in the order of offsets. What a log
/// promises of that (`kafka-log`, checker/transactions/consistency_model.h):
///     phantom, duplicate-elements   each element was appended, and stands there once
///     incompatible-order            of two reads one begins with the other
///     G1a, dirty-update             what was aborted is never read
///     lost-write                    what was acknowledged, or read, is there in the end
///     torn-transaction              in the end all of a transaction is there, or nothing
/// It does not promise that transactions follow each other: two that append to several keys may
/// lie in opposite orders there (G0), a read of several keys is not of one moment (G-single-item,
/// G2-item), and a commit is acknowledged before everybody sees it, as a leader that was cut off
/// serves an old end (…-realtime). Such cycles are reported as seen.
///
/// A list that has grown long makes room for another, so that a read stays short.
#pragma once

#include "runtime/environment.h"
#include "workloads/load_options.h"
#include "workloads/recorder/recorder.h"
#include "workloads/workload.h"

#include <cstdint>
#include <memory>

namespace verdikt::workloads {

struct list_append_options {
    load_options load = {};
    std::int64_t appends_max = 256;  ///< To one list, before another takes its place.
};

/// Requires: world and history outlive it.
[[nodiscard]] std::unique_ptr<workload> make_list_append(runtime::environment& world,
                                                         list_append_options plan,
                                                         recorder& history);

}  // namespace verdikt::workloads
