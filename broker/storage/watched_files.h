/// Files as their directory sees them: every operation is known to a `stall_watch` while it is
/// under way. Nothing else is changed.
///
/// What walks over a whole directory (`list`, `remove_all`) is not watched, since it may take long
/// on a disk that is well.
#pragma once

#include "broker/storage/stall_watch.h"
#include "runtime/environment.h"

#include <memory>

namespace verdikt::broker::storage {

class watched_files final : public runtime::file_system {
  public:
    /// Both outlive it, and the files that it opens.
    watched_files(runtime::environment& world, stall_watch& watch) : world_(world), watch_(watch) {}

    runtime::awaitable<std::expected<std::unique_ptr<runtime::file>, runtime::errc>> open(
        std::filesystem::path path, runtime::open_mode mode) override;
    runtime::awaitable<std::expected<void, runtime::errc>> rename(
        std::filesystem::path from, std::filesystem::path to) override;
    runtime::awaitable<std::expected<void, runtime::errc>> remove(
        std::filesystem::path path) override;
    runtime::awaitable<std::expected<void, runtime::errc>> remove_all(
        std::filesystem::path path) override;
    runtime::awaitable<std::expected<void, runtime::errc>> create_directories(
        std::filesystem::path path) override;
    runtime::awaitable<std::expected<void, runtime::errc>> sync_directory(
        std::filesystem::path path) override;
    runtime::awaitable<std::expected<std::vector<runtime::directory_entry>, runtime::errc>> list(
        std::filesystem::path path) override;
    runtime::awaitable<std::expected<runtime::disk_space, runtime::errc>> space(
        std::filesystem::path path) override;
    runtime::awaitable<std::expected<std::unique_ptr<runtime::directory_lock>, runtime::errc>> lock(
        std::filesystem::path path) override;

  private:
    [[nodiscard]] runtime::file_system& files() { return world_.files(); }

    runtime::environment& world_;
    stall_watch& watch_;
};

/// The file below, as the network knows it: to send from it is not the directory's work.
[[nodiscard]] std::shared_ptr<runtime::file> unwatched(std::shared_ptr<runtime::file> of);

/// The world of those who work in one directory: everything is as it is outside, but for files.
class watched_world final : public runtime::environment {
  public:
    watched_world(runtime::environment& outside, runtime::file_system& files)
        : outside_(outside), files_(files) {}

    [[nodiscard]] runtime::executor get_executor() override { return outside_.get_executor(); }
    [[nodiscard]] runtime::instant now() const override { return outside_.now(); }
    [[nodiscard]] runtime::wall_instant wall_time() const override { return outside_.wall_time(); }
    runtime::awaitable<void> sleep_until(runtime::instant until) override {
        return outside_.sleep_until(until);
    }
    [[nodiscard]] std::unique_ptr<runtime::alarm> set_alarm(runtime::instant at,
                                                            std::function<void()> ring) override {
        return outside_.set_alarm(at, std::move(ring));
    }
    [[nodiscard]] runtime::network& net() override { return outside_.net(); }
    [[nodiscard]] runtime::file_system& files() override { return files_; }
    [[nodiscard]] runtime::random_source& random() override { return outside_.random(); }
    [[nodiscard]] runtime::log_sink& log() override { return outside_.log(); }

  private:
    runtime::environment& outside_;
    runtime::file_system& files_;
};

}  // namespace verdikt::broker::storage
