#include "cli/cluster_folder.h"

#include <deque>
#include <fstream>

namespace verdikt::cli {

cluster_folder::cluster_folder(const std::string& named) {
    if (named.empty()) {
        path_ = temporary_.emplace("cluster").path();
        return;
    }
    path_ = std::filesystem::absolute(named);
    std::filesystem::create_directories(path_);
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
