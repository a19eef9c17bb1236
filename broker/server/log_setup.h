/// Opens the log directories, or gives them their identity at the first start.
#pragma once

#include "broker/server/broker_config.h"
#include "broker/server/cluster_setup.h"
#include "broker/storage/log_directory.h"
#include "kafka/types.h"
#include "runtime/environment.h"

#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace verdikt::broker::server {

struct opened_logs {
    std::string cluster_id;
    /// At least one, in the order of log.dirs. One whose disk fails at the start is left out.
    std::vector<std::unique_ptr<storage::log_directory>> directories;
    /// Where the metadata log lies: one of them, or one of its own, which is in `own_metadata`.
    storage::log_directory* metadata = nullptr;
    std::unique_ptr<storage::log_directory> own_metadata;
    /// One of log.dirs could not be opened.
    bool misses_one = false;
};

/// The cluster's id is the one that the directories have, or cluster.id; only a node that stands
/// alone draws one. The error is a sentence for the operator.
runtime::awaitable<std::expected<opened_logs, std::string>> open_logs(runtime::environment& world,
                                                                      const broker_config& config,
                                                                      const cluster_place& place);

}  // namespace verdikt::broker::server
