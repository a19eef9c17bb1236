#include "runtime/real/directory_calls.h"

#include "runtime/real/kernel_error.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace verdikt::runtime::real {

namespace {

std::unexpected<errc> last_error() {
    return std::unexpected(file_error(errno));
}

std::expected<void, errc> outcome_of(const std::error_code& error) {
    if (error) return std::unexpected(file_error(error.value()));
    return {};
}

std::expected<descriptor, errc> open_descriptor(const std::filesystem::path& path, int flags) {
    for (;;) {
        const int number = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
        if (number >= 0) return descriptor(number);
        if (errno != EINTR) return last_error();
    }
}

int flags_of(open_mode mode) {
    switch (mode) {
        case open_mode::read:
            return O_RDONLY;
        case open_mode::read_write:
            return O_RDWR;
        case open_mode::create:
            return O_RDWR | O_CREAT;
        case open_mode::create_new:
            return O_RDWR | O_CREAT | O_EXCL;
    }
    return O_RDONLY;
}

}  // namespace

std::expected<descriptor, errc> open_file(const std::filesystem::path& path, open_mode mode) {
    auto open = open_descriptor(path, flags_of(mode));
    if (!open.has_value()) return open;
    struct stat status{};
    if (::fstat(open->number(), &status) != 0) return last_error();
    // Opening a folder for reading works, and reading it does not.
    if (S_ISDIR(status.st_mode)) return std::unexpected(errc::not_permitted);
    return open;
}

std::expected<void, errc> rename_file(const std::filesystem::path& from,
                                      const std::filesystem::path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) return last_error();
    return {};
}

std::expected<void, errc> remove_one(const std::filesystem::path& path) {
    if (std::remove(path.c_str()) != 0) return last_error();
    return {};
}

std::expected<void, errc> remove_tree(const std::filesystem::path& path) {
    std::error_code error;
    const std::uintmax_t removed = std::filesystem::remove_all(path, error);
    if (!error && removed == 0) return std::unexpected(errc::not_found);
    return outcome_of(error);
}

std::expected<void, errc> make_directories(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    return outcome_of(error);
}

std::expected<void, errc> sync_folder(const std::filesystem::path& path) {
    const auto folder = open_descriptor(path, O_RDONLY | O_DIRECTORY);
    if (!folder.has_value()) return std::unexpected(folder.error());
    if (::fsync(folder->number()) != 0) return last_error();
    return {};
}

std::expected<std::vector<directory_entry>, errc> list_folder(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::directory_iterator entries(path, error);
    std::vector<directory_entry> found;
    for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
        // What vanishes while we look was not there.
        std::error_code vanished;
        const bool is_directory = entries->is_directory(vanished);
        const std::uint64_t size = is_directory || vanished ? 0 : entries->file_size(vanished);
        if (vanished == std::errc::no_such_file_or_directory) continue;
        found.push_back({.name = entries->path().filename().string(),
                         .is_directory = is_directory,
                         .size = vanished ? 0 : size});
    }
    if (error) return std::unexpected(file_error(error.value()));
    std::ranges::sort(found);
    return found;
}

std::expected<disk_space, errc> measure_space(const std::filesystem::path& path) {
    struct statvfs status{};
    if (::statvfs(path.c_str(), &status) != 0) return last_error();
    return disk_space{.available = status.f_bavail * status.f_frsize,
                      .total = status.f_blocks * status.f_frsize};
}

std::expected<descriptor, errc> lock_file(const std::filesystem::path& path) {
    auto open = open_descriptor(path, O_RDWR | O_CREAT);
    if (!open.has_value()) return open;
    if (::flock(open->number(), LOCK_EX | LOCK_NB) != 0) return last_error();
    return open;
}

}  // namespace verdikt::runtime::real
