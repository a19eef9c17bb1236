#include "broker/storage/watched_files.h"

#include <utility>

namespace verdikt::broker::storage {

namespace {

using runtime::awaitable;

/// Stands for an operation from its begin to its end, however it ends.
class under_way {
  public:
    under_way(const runtime::environment& world, stall_watch& watch)
        : world_(world), watch_(watch) {
        watch_.began(what_, world_.now());
    }
    under_way(const under_way&) = delete;
    under_way& operator=(const under_way&) = delete;
    ~under_way() { watch_.ended(what_, world_.now()); }

  private:
    const runtime::environment& world_;
    stall_watch& watch_;
    stall_watch::operation what_;
};

class watched_file final : public runtime::file {
  public:
    watched_file(const runtime::environment& world,
                 stall_watch& watch,
                 std::unique_ptr<runtime::file> below)
        : world_(world), watch_(watch), below_(std::move(below)) {}

    awaitable<std::expected<std::size_t, runtime::errc>> read_at(
        std::uint64_t position, runtime::mutable_bytes into) override {
        const under_way watched(world_, watch_);
        co_return co_await below_->read_at(position, into);
    }
    awaitable<std::expected<void, runtime::errc>> write_at(
        std::uint64_t position, std::span<const runtime::const_bytes> pieces) override {
        const under_way watched(world_, watch_);
        co_return co_await below_->write_at(position, pieces);
    }
    awaitable<std::expected<void, runtime::errc>> sync() override {
        const under_way watched(world_, watch_);
        co_return co_await below_->sync();
    }
    awaitable<std::expected<void, runtime::errc>> truncate(std::uint64_t size) override {
        const under_way watched(world_, watch_);
        co_return co_await below_->truncate(size);
    }
    [[nodiscard]] std::uint64_t size() const override { return below_->size(); }

    [[nodiscard]] runtime::file& below() { return *below_; }

  private:
    const runtime::environment& world_;
    stall_watch& watch_;
    std::unique_ptr<runtime::file> below_;
};

}  // namespace

std::shared_ptr<runtime::file> unwatched(std::shared_ptr<runtime::file> of) {
    auto* const watched = dynamic_cast<watched_file*>(of.get());
    if (watched == nullptr) return of;
    runtime::file& below = watched->below();
    return {std::move(of), &below};
}

awaitable<std::expected<std::unique_ptr<runtime::file>, runtime::errc>> watched_files::open(
    std::filesystem::path path, runtime::open_mode mode) {
    const under_way watched(world_, watch_);
    auto opened = co_await files().open(std::move(path), mode);
    if (!opened) co_return std::unexpected(opened.error());
    co_return std::make_unique<watched_file>(world_, watch_, std::move(*opened));
}

awaitable<std::expected<void, runtime::errc>> watched_files::rename(std::filesystem::path from,
                                                                    std::filesystem::path to) {
    const under_way watched(world_, watch_);
    co_return co_await files().rename(std::move(from), std::move(to));
}

awaitable<std::expected<void, runtime::errc>> watched_files::remove(std::filesystem::path path) {
    const under_way watched(world_, watch_);
    co_return co_await files().remove(std::move(path));
}

awaitable<std::expected<void, runtime::errc>> watched_files::remove_all(
    std::filesystem::path path) {
    return files().remove_all(std::move(path));
}

awaitable<std::expected<void, runtime::errc>> watched_files::create_directories(
    std::filesystem::path path) {
    const under_way watched(world_, watch_);
    co_return co_await files().create_directories(std::move(path));
}

awaitable<std::expected<void, runtime::errc>> watched_files::sync_directory(
    std::filesystem::path path) {
    const under_way watched(world_, watch_);
    co_return co_await files().sync_directory(std::move(path));
}

awaitable<std::expected<std::vector<runtime::directory_entry>, runtime::errc>> watched_files::list(
    std::filesystem::path path) {
    return files().list(std::move(path));
}

awaitable<std::expected<runtime::disk_space, runtime::errc>> watched_files::space(
    std::filesystem::path path) {
    const under_way watched(world_, watch_);
    co_return co_await files().space(std::move(path));
}

awaitable<std::expected<std::unique_ptr<runtime::directory_lock>, runtime::errc>>
watched_files::lock(std::filesystem::path path) {
    return files().lock(std::move(path));
}

}  // namespace verdikt::broker::storage
