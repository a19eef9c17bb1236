#include "nemesis/agent/trial_disk.h"

#include <fmt/format.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace verdikt::nemesis::agent {

std::optional<std::string> try_on_disk(
    std::int64_t bytes,
    const std::function<std::optional<std::string>(const std::string&)>& attempt) {
    std::string folder = (std::filesystem::temp_directory_path() / "verdikt-probe-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) return "cannot make a temporary folder";
    std::optional<std::string> found;
    const std::string size = fmt::format("size={}", bytes);
    if (::mount("tmpfs", folder.c_str(), "tmpfs", 0, size.c_str()) != 0) {
        found = fmt::format("cannot mount a disk: {}", std::strerror(errno));
    } else {
        found = attempt(folder);
        ::umount(folder.c_str());
    }
    std::error_code ignored;  // A folder that stays empty.
    std::filesystem::remove(folder, ignored);
    return found;
}

}  // namespace verdikt::nemesis::agent
