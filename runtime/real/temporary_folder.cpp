#include "runtime/real/temporary_folder.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace verdikt::runtime::real {

temporary_folder::temporary_folder(std::string_view purpose) {
    const std::string shape = fmt::format("verdikt-{}-XXXXXX", purpose);
    std::string name = (std::filesystem::temp_directory_path() / shape).string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::system_error(errno, std::generic_category(), "cannot make " + name);
    }
    path_ = name;
}

temporary_folder::~temporary_folder() {
    std::error_code ignored;  // There is nobody left to tell.
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace verdikt::runtime::real
