#include "runtime/nearest_name.h"

#include "runtime/check.h"

#include <algorithm>
#include <vector>

namespace verdikt::runtime {

namespace {

/// Names come over the network too, and the work grows with their length.
constexpr std::size_t compared_letters_max = 100;

}  // namespace

std::size_t edit_distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> above(right.size() + 1);
    for (std::size_t column = 0; column < above.size(); ++column) above[column] = column;
    for (std::size_t row = 0; row < left.size(); ++row) {
        std::size_t diagonal = above[0];
        above[0] = row + 1;
        for (std::size_t column = 0; column < right.size(); ++column) {
            const std::size_t replaced = diagonal + (left[row] == right[column] ? 0 : 1);
            diagonal = above[column + 1];
            above[column + 1] = std::min({replaced, diagonal + 1, above[column] + 1});
        }
    }
    return above.back();
}

std::string_view nearest_name(std::string_view name, std::span<const std::string_view> known) {
    CHECK(!known.empty());
    const std::string_view start = name.substr(0, compared_letters_max);
    return *std::ranges::min_element(
        known, {}, [start](std::string_view candidate) { return edit_distance(start, candidate); });
}

}  // namespace verdikt::runtime
