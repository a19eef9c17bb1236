#include "scratch_directory.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace verdikt::bench {

scratch_directory::scratch_directory() {
    const char* const wanted = std::getenv("TMPDIR");
    std::string pattern =
        std::string(wanted != nullptr ? wanted : "/var/tmp") + "/verdikt-bench-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw std::system_error(errno, std::generic_category(), pattern);
    }
    path_ = pattern;
}

scratch_directory::~scratch_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace verdikt::bench
