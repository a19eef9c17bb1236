#include "cli/text_file.h"

#include <fstream>
#include <sstream>

namespace verdikt::cli {

std::string text_of_file(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw bad_arguments("cannot read file '" + path + "'");
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace verdikt::cli
