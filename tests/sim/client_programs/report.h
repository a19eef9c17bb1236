/// Failures of a test, but not so many that nobody reads the first.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace verdikt::tests {

inline void report(const std::vector<std::string>& wrong) {
    constexpr std::size_t shown_max = 10;
    for (std::size_t at = 0; at < std::min(wrong.size(), shown_max); ++at) {
        ADD_FAILURE() << wrong[at];
    }
    if (wrong.size() > shown_max) ADD_FAILURE() << "and " << wrong.size() - shown_max << " more";
}

}  // namespace verdikt::tests
