/// Writes down when its scope ended.
#pragma once

#include <string>

namespace verdikt::runtime {

struct note_end {
    std::string& log;
    char letter;
    ~note_end() { log.push_back(letter); }
};

}  // namespace verdikt::runtime
