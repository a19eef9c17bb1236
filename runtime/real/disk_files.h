/// The file system of the real world: every blocking call is a disk worker's.
#pragma once

#include "runtime/real/disk_worker.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace verdikt::runtime::real {

class disk_files final : public file_system {
  public:
    /// One worker for each root, and one for all that lies under none.
    disk_files(executor loop, const std::vector<std::filesystem::path>& roots);

    awaitable<std::expected<std::unique_ptr<file>, errc>> open(std::filesystem::path path,
                                                               open_mode mode) override;
    awaitable<std::expected<void, errc>> rename(std::filesystem::path from,
                                                std::filesystem::path to) override;
    awaitable<std::expected<void, errc>> remove(std::filesystem::path path) override;
    awaitable<std::expected<void, errc>> remove_all(std::filesystem::path path) override;
    awaitable<std::expected<void, errc>> create_directories(std::filesystem::path path) override;
    awaitable<std::expected<void, errc>> sync_directory(std::filesystem::path path) override;
    awaitable<std::expected<std::vector<directory_entry>, errc>> list(
        std::filesystem::path path) override;
    awaitable<std::expected<disk_space, errc>> space(std::filesystem::path path) override;
    awaitable<std::expected<std::unique_ptr<directory_lock>, errc>> lock(
        std::filesystem::path path) override;

    [[nodiscard]] disk_statistics statistics() const;

  private:
    struct rooted_worker {
        std::filesystem::path root;
        std::unique_ptr<disk_worker> worker;
    };

    [[nodiscard]] disk_worker& worker_of(const std::filesystem::path& path);

    std::vector<rooted_worker> rooted_;  ///< The longest roots first.
    disk_worker rootless_;
    std::uint64_t next_number_ = 1;
};

}  // namespace verdikt::runtime::real
