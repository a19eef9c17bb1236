#include "runtime/nearest_name.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace verdikt::runtime {
namespace {

TEST(nearest_name, counts_insertions_removals_and_replacements) {
    EXPECT_EQ(edit_distance("", ""), 0U);
    EXPECT_EQ(edit_distance("", "abc"), 3U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
    EXPECT_EQ(edit_distance("log.dirs", "log.dir"), 1U);
}

TEST(nearest_name, prefers_the_first_of_equally_near_names) {
    const std::array<std::string_view, 3> known{"topics", "configs", "topicz"};
    EXPECT_EQ(nearest_name("topic", known), "topics");
    EXPECT_EQ(nearest_name("config", known), "configs");
}

TEST(nearest_name, takes_names_of_any_length) {
    const std::array<std::string_view, 2> known{"topics", "configs"};
    EXPECT_EQ(nearest_name("configs" + std::string(std::size_t{100} << 20, 'x'), known), "configs");
}

}  // namespace
}  // namespace verdikt::runtime
