/// The files of a node as one simulated process sees them.
///
/// Each path goes to the disk that is mounted above it. An operation that is under way when the
/// process dies may still happen, in whole or in part: the kernel had it already.
#pragma once

#include "runtime/files.h"
#include "runtime/sim/directory_tree.h"
#include "runtime/sim/disk.h"
#include "runtime/sim/disk_work.h"
#include "runtime/sim/pending_wait.h"

#include <filesystem>
#include <memory>
#include <type_traits>

namespace verdikt::runtime::sim {

class process;

class process_files final : public file_system {
  public:
    explicit process_files(process& of) : process_(of) {}

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

    /// Lists a job until it is over.
    void enlist(disk_job& job) { jobs_.push_back(job); }
    void die();

  private:
    template <typename Action>
    awaitable<std::invoke_result_t<Action&, sim::disk&>> carry_out(sim::disk& on,
                                                                   disk_operation kind,
                                                                   bool mutates,
                                                                   Action action);

    process& process_;
    linked_list<pending_wait> jobs_;
};

}  // namespace verdikt::runtime::sim
