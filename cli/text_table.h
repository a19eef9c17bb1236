/// Rows of text in aligned columns, as Kafka's group tools print them.
#pragma once

#include <string>
#include <vector>

namespace verdikt::cli {

/// The first row is the head. Every column is as wide as its widest cell; columns are parted by one
/// space and left-aligned. Requires: all rows have as many cells as the first.
[[nodiscard]] std::string format_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace verdikt::cli
