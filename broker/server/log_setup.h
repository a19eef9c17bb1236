/// Opens the log directory and the state file in it, or makes both at the first start.
#pragma once

#include "broker/server/broker_config.h"
#include "broker/server/saved_state.h"
#include "broker/storage/log_directory.h"
#include "runtime/environment.h"

#include <expected>
#include <filesystem>
#include <memory>
#include <string>

namespace verdikt::broker::server {

struct opened_logs {
    std::unique_ptr<storage::log_directory> directory;
    saved_state state;
    std::filesystem::path state_path;
};

/// The error is a sentence for the operator.
runtime::awaitable<std::expected<opened_logs, std::string>> open_logs(runtime::environment& world,
                                                                      const broker_config& config);

}  // namespace verdikt::broker::server
