/// Reads one partition from its beginning to its end, as one operation.
///
/// The end is the high watermark that the leader tells once the operation has begun. A read that
/// does not get there in time fails, and says nothing.
#pragma once

#include "client/consumer.h"
#include "runtime/environment.h"
#include "workloads/compaction/compaction_options.h"
#include "workloads/compaction/keyed_value.h"
#include "workloads/recorder/recorder.h"

#include <optional>
#include <string>
#include <vector>

namespace verdikt::workloads {

/// Where the history's partition lies.
[[nodiscard]] client::topic_partition place_of(const compaction_options& plan,
                                               std::int32_t partition);

/// True if it got to the end. References outlive it.
runtime::awaitable<bool> scan_partition(runtime::environment& world,
                                        const compaction_options& plan,
                                        recorder& history,
                                        std::int64_t process,
                                        std::int32_t partition,
                                        runtime::instant deadline);

}  // namespace verdikt::workloads
