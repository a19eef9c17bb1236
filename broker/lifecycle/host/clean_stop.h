/// The proof that a process stopped cleanly, which the next one registers with: Kafka's file
/// `.kafka_cleanshutdown` with the broker epoch of the process, in each log directory.
///
/// It proves something only while nothing was written since, so it is taken away, durably, before
/// anything else happens in the directory.
#pragma once

#include "kafka/types.h"
#include "runtime/awaitable.h"
#include "runtime/errc.h"
#include "runtime/files.h"

#include <expected>
#include <filesystem>
#include <string_view>
#include <vector>

namespace verdikt::broker::lifecycle::host {

inline constexpr std::string_view clean_stop_name = ".kafka_cleanshutdown";

/// The epoch that all directories agree on, or -1 if one has none, another, or one that cannot be
/// taken away. Requires: at least one directory.
[[nodiscard]] runtime::awaitable<kafka::broker_epoch> take_clean_stop(
    runtime::file_system& files, std::vector<std::filesystem::path> directories);

/// Durable on return. Requires: the logs in the directories are closed and synced.
[[nodiscard]] runtime::awaitable<std::expected<void, runtime::errc>> leave_clean_stop(
    runtime::file_system& files,
    std::vector<std::filesystem::path> directories,
    kafka::broker_epoch epoch);

}  // namespace verdikt::broker::lifecycle::host
