#include "cli/cluster_folder.h"

#include <cerrno>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <system_error>

namespace verdikt::cli {

namespace {

std::filesystem::path make_temporary_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "verdikt-cluster-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::system_error(errno, std::generic_category(), "cannot make " + name);
    }
    return name;
}

}  // namespace

cluster_folder::cluster_folder(const std::string& named)
    : path_(named.empty() ? make_temporary_folder() : std::filesystem::absolute(named)),
      is_temporary_(named.empty()) {
    std::filesystem::create_directories(path_);
}

cluster_folder::~cluster_folder() {
    if (!is_temporary_) return;
    std::error_code ignored;  // There is nobody left to tell.
    std::filesystem::remove_all(path_, ignored);
}

std::vector<std::string> last_lines(const std::filesystem::path& path, std::size_t count) {
    std::ifstream file(path);
    std::deque<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        lines.push_back(std::move(line));
        if (lines.size() > count) lines.pop_front();
    }
    return {lines.begin(), lines.end()};
}

}  // namespace verdikt::cli
