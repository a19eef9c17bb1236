/// Waiting for one of several logs to get new records.
#pragma once

#include "broker/server/node_services.h"
#include "broker/storage/partition_log.h"

#include <memory>
#include <vector>

namespace verdikt::broker::server {

struct watched_log {
    std::shared_ptr<storage::partition_log> log;
    kafka::offset seen;           ///< The end of what its reader may see, as it was looked at.
    bool committed_only = false;  ///< That end is the last stable offset, not the high watermark.

    /// Whether there is something new to look at.
    [[nodiscard]] bool moved() const;
};

/// Returns when one has moved or failed, at the deadline, or when the broker begins to shut down.
runtime::awaitable<void> wait_for_records(node_services& here,
                                          runtime::instant deadline,
                                          std::vector<watched_log> logs);

}  // namespace verdikt::broker::server
