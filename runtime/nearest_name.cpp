#include "runtime/nearest_name.h"

#include "runtime/check.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace verdikt::runtime {

std::size_t edit_distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> above(right.size() + 1);
    std::iota(above.begin(), above.end(), std::size_t{0});
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
    return *std::ranges::min_element(
        known, {}, [name](std::string_view candidate) { return edit_distance(name, candidate); });
}

}  // namespace verdikt::runtime
