/// Blocking calls on names and folders, for a disk worker to make.
#pragma once

#include "runtime/files.h"
#include "runtime/real/descriptor.h"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <vector>

namespace verdikt::runtime::real {

[[nodiscard]] std::expected<descriptor, errc> open_file(const std::filesystem::path& path,
                                                        open_mode mode);
[[nodiscard]] std::expected<void, errc> rename_file(const std::filesystem::path& from,
                                                    const std::filesystem::path& to);
[[nodiscard]] std::expected<void, errc> remove_one(const std::filesystem::path& path);
[[nodiscard]] std::expected<void, errc> remove_tree(const std::filesystem::path& path);
[[nodiscard]] std::expected<void, errc> make_directories(const std::filesystem::path& path);
[[nodiscard]] std::expected<void, errc> sync_folder(const std::filesystem::path& path);
[[nodiscard]] std::expected<std::vector<directory_entry>, errc> list_folder(
    const std::filesystem::path& path);
[[nodiscard]] std::expected<disk_space, errc> measure_space(const std::filesystem::path& path);
/// The lock is the open file description's, so it ends with the descriptor.
[[nodiscard]] std::expected<descriptor, errc> lock_file(const std::filesystem::path& path);

}  // namespace verdikt::runtime::real
