#include "nemesis/agent/trial_disk.h"

#include "runtime/real/temporary_folder.h"

#include <fmt/format.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace verdikt::nemesis::agent {

std::optional<std::string> try_on_disk(
    std::int64_t bytes,
    const std::function<std::optional<std::string>(const std::string&)>& attempt) {
    try {
        const runtime::real::temporary_folder folder("probe");
        const std::string place = folder.path().string();
        const std::string size = fmt::format("size={}", bytes);
        if (::mount("tmpfs", place.c_str(), "tmpfs", 0, size.c_str()) != 0) {
            return fmt::format("cannot mount a disk: {}", std::strerror(errno));
        }
        auto found = attempt(place);
        ::umount(place.c_str());
        return found;
    } catch (const std::system_error& error) {
        return error.what();
    }
}

}  // namespace verdikt::nemesis::agent
