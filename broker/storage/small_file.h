/// Files that are read and replaced as a whole.
#pragma once

#include "runtime/awaitable.h"
#include "runtime/files.h"

#include <cstddef>
#include <expected>
#include <filesystem>
#include <string>
#include <vector>

namespace verdikt::broker::storage {

inline constexpr std::string_view temporary_suffix = ".tmp";

/// Replaces the file at `path` so that a crash leaves the old content or the new, and never less:
/// written beside it, synced, renamed, and the directory synced. Durable on return.
[[nodiscard]] runtime::awaitable<std::expected<void, runtime::errc>> replace_file(
    runtime::file_system& files, std::filesystem::path path, std::vector<std::byte> content);
[[nodiscard]] runtime::awaitable<std::expected<void, runtime::errc>> replace_file(
    runtime::file_system& files, std::filesystem::path path, std::string content);

/// Writes the file anew, durable only once it is synced.
[[nodiscard]] runtime::awaitable<std::expected<void, runtime::errc>> write_file(
    runtime::file_system& files, std::filesystem::path path, std::string content);

/// All of it. Requires: the file fits memory; index and checkpoint files do.
[[nodiscard]] runtime::awaitable<std::expected<std::vector<std::byte>, runtime::errc>> read_file(
    runtime::file_system& files, std::filesystem::path path);
[[nodiscard]] runtime::awaitable<std::expected<std::string, runtime::errc>> read_text_file(
    runtime::file_system& files, std::filesystem::path path);

}  // namespace verdikt::broker::storage
