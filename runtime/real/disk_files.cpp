#include "runtime/real/disk_files.h"

#include "runtime/real/directory_calls.h"
#include "runtime/real/disk_file.h"

#include <algorithm>
#include <utility>

namespace verdikt::runtime::real {

namespace {

std::filesystem::path normal(const std::filesystem::path& path) {
    std::error_code unknown;
    std::filesystem::path absolute = std::filesystem::absolute(path, unknown).lexically_normal();
    // "/logs/" and "/logs" are one folder; only the latter is a prefix of "/logs/0".
    return absolute.has_filename() ? absolute : absolute.parent_path();
}

bool lies_under(const std::filesystem::path& path, const std::filesystem::path& root) {
    return std::ranges::mismatch(path, root).in2 == root.end();
}

class held_lock final : public directory_lock {
  public:
    explicit held_lock(descriptor open) : open_(std::move(open)) {}

  private:
    descriptor open_;
};

/// What `call` returned, made by the worker.
template <typename Call>
awaitable<std::invoke_result_t<Call&>> call_on(disk_worker& worker, Call call) {
    std::optional<std::invoke_result_t<Call&>> outcome;
    co_await worker.call([&outcome, &call] { outcome.emplace(call()); });
    co_return std::move(*outcome);
}

}  // namespace

disk_files::disk_files(executor loop, const std::vector<std::filesystem::path>& roots)
    : rootless_(loop, "disk") {
    for (const std::filesystem::path& root : roots) {
        const std::string name = "disk-" + std::to_string(rooted_.size());
        rooted_.push_back({normal(root), std::make_unique<disk_worker>(loop, name)});
    }
    std::ranges::sort(rooted_, std::ranges::greater(), [](const rooted_worker& rooted) {
        return std::distance(rooted.root.begin(), rooted.root.end());
    });
}

disk_worker& disk_files::worker_of(const std::filesystem::path& path) {
    if (rooted_.empty()) return rootless_;
    const std::filesystem::path wanted = normal(path);
    const auto found = std::ranges::find_if(rooted_, [&wanted](const rooted_worker& rooted) {
        return lies_under(wanted, rooted.root);
    });
    return found == rooted_.end() ? rootless_ : *found->worker;
}

awaitable<std::expected<std::unique_ptr<file>, errc>> disk_files::open(std::filesystem::path path,
                                                                       open_mode mode) {
    disk_worker& worker = worker_of(path);
    auto opened = co_await call_on(worker, [&path, mode] { return open_file(path, mode); });
    if (!opened.has_value()) co_return std::unexpected(opened.error());
    co_return std::make_unique<disk_file>(worker, std::move(*opened), next_number_++);
}

awaitable<std::expected<void, errc>> disk_files::rename(std::filesystem::path from,
                                                        std::filesystem::path to) {
    return call_on(worker_of(from), [from, to] { return rename_file(from, to); });
}

awaitable<std::expected<void, errc>> disk_files::remove(std::filesystem::path path) {
    return call_on(worker_of(path), [path] { return remove_one(path); });
}

awaitable<std::expected<void, errc>> disk_files::remove_all(std::filesystem::path path) {
    return call_on(worker_of(path), [path] { return remove_tree(path); });
}

awaitable<std::expected<void, errc>> disk_files::create_directories(std::filesystem::path path) {
    return call_on(worker_of(path), [path] { return make_directories(path); });
}

awaitable<std::expected<void, errc>> disk_files::sync_directory(std::filesystem::path path) {
    return call_on(worker_of(path), [path] { return sync_folder(path); });
}

awaitable<std::expected<std::vector<directory_entry>, errc>> disk_files::list(
    std::filesystem::path path) {
    return call_on(worker_of(path), [path] { return list_folder(path); });
}

awaitable<std::expected<disk_space, errc>> disk_files::space(std::filesystem::path path) {
    return call_on(worker_of(path), [path] { return measure_space(path); });
}

awaitable<std::expected<std::unique_ptr<directory_lock>, errc>> disk_files::lock(
    std::filesystem::path path) {
    auto locked = co_await call_on(worker_of(path), [&path] { return lock_file(path); });
    if (!locked.has_value()) co_return std::unexpected(locked.error());
    co_return std::make_unique<held_lock>(std::move(*locked));
}

disk_statistics disk_files::statistics() const {
    disk_statistics sum = rootless_.statistics();
    for (const rooted_worker& rooted : rooted_) sum += rooted.worker->statistics();
    return sum;
}

}  // namespace verdikt::runtime::real
