#include "cli/run_folder.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cerrno>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace verdikt::cli {

namespace {

/// Sorts by time, and is a name on every file system: `20261122T041530.123Z`.
std::string folder_name(runtime::wall_instant now) {
    const auto since = now.time_since_epoch();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since);
    const std::tm date = fmt::gmtime(static_cast<std::time_t>(seconds.count()));
    return fmt::format("{:%Y%m%dT%H%M%S}.{:03}Z", date, (since - seconds).count());
}

/// The link is replaced at once: there is no moment without it.
void point(const std::filesystem::path& link, const std::filesystem::path& target) {
    std::filesystem::path fresh = link;
    fresh += ".new";
    std::filesystem::remove(fresh);
    std::filesystem::create_directory_symlink(target, fresh);
    std::filesystem::rename(fresh, link);
}

}  // namespace

std::filesystem::path make_run_folder(const std::filesystem::path& store,
                                      const std::string& test,
                                      runtime::wall_instant now) {
    const std::filesystem::path of_test = std::filesystem::absolute(store) / test;
    std::filesystem::create_directories(of_test);
    std::string name = folder_name(now);
    for (int again = 2; !std::filesystem::create_directory(of_test / name); ++again) {
        name = fmt::format("{}-{}", folder_name(now), again);
    }
    point(of_test / "latest", name);
    point(of_test.parent_path() / "latest", std::filesystem::path(test) / name);
    return of_test / name;
}

void write_file(const std::filesystem::path& path, std::string_view content) {
    std::ofstream file(path, std::ios::trunc | std::ios::binary);
    file << content;
    file.close();
    if (!file) throw std::runtime_error("cannot write " + path.string());
}

history_file::history_file(std::filesystem::path path)
    : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644)) {
    if (file_.number() < 0) throw std::runtime_error("cannot write " + path.string());
}

void history_file::append(std::string_view line) {
    while (!line.empty() && !failed_) {
        const ssize_t written = ::write(file_.number(), line.data(), line.size());
        if (written >= 0) {
            line.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            failed_ = true;
        }
    }
}

file_bytes::file_bytes(const std::filesystem::path& path)
    : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}

std::expected<std::size_t, std::string> file_bytes::read(std::span<char> into) {
    while (true) {
        const ssize_t count = ::read(file_.number(), into.data(), into.size());
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno != EINTR) return std::unexpected(std::generic_category().message(errno));
    }
}

}  // namespace verdikt::cli
