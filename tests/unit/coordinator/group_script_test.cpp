// Golden scripts: each file in scripts/ tells a scenario and, line by line, what the group makes of
// it. VERDIKT_REWRITE_SCRIPTS=1 writes the outcome down anew; the diff is then for a human to read.
#include "tests/unit/coordinator/group_script.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace verdikt::broker::coordinator {
namespace {

std::vector<std::string> script_names() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(VERDIKT_GROUP_SCRIPTS)) {
        names.push_back(entry.path().stem().string());
    }
    std::ranges::sort(names);
    return names;
}

std::string read_text(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

class group_scripts : public testing::TestWithParam<std::string> {};

TEST_P(group_scripts, play_as_written) {
    const auto path = std::filesystem::path(VERDIKT_GROUP_SCRIPTS) / (GetParam() + ".txt");
    const std::string written = read_text(path);
    group_script script;
    const std::string played = script.play(written);
    EXPECT_TRUE(written.contains("\n> ")) << "a script without events";
    if (std::getenv("VERDIKT_REWRITE_SCRIPTS") != nullptr) {
        std::ofstream(path) << played;
    } else {
        EXPECT_EQ(played, written);
    }
}

INSTANTIATE_TEST_SUITE_P(all,
                         group_scripts,
                         testing::ValuesIn(script_names()),
                         [](const auto& named) { return named.param; });

}  // namespace
}  // namespace verdikt::broker::coordinator
