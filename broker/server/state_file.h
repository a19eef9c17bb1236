/// A small file that is replaced as a whole: after a crash it is the old one or the new one.
#pragma once

#include "runtime/environment.h"

#include <expected>
#include <filesystem>
#include <optional>
#include <string>

namespace verdikt::broker::server {

/// Writes beside the file, syncs, renames over it and syncs the folder. Durable on return.
/// Requires: the folder exists, and nobody else writes the file meanwhile.
[[nodiscard]] runtime::awaitable<std::expected<void, runtime::errc>> replace_file(
    runtime::environment& world, std::filesystem::path path, std::string content);

/// Nothing if there is no such file.
[[nodiscard]] runtime::awaitable<std::expected<std::optional<std::string>, runtime::errc>>
read_file(runtime::environment& world, std::filesystem::path path);

}  // namespace verdikt::broker::server
