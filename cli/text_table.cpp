#include "cli/text_table.h"

#include "runtime/check.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::cli {

std::string format_table(const std::vector<std::vector<std::string>>& rows) {
    CHECK(!rows.empty());
    std::vector<std::size_t> widths(rows.front().size());
    for (const auto& row : rows) {
        CHECK(row.size() == widths.size());
        for (std::size_t column = 0; column < row.size(); ++column) {
            widths[column] = std::max(widths[column], row[column].size());
        }
    }
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t column = 0; column < row.size(); ++column) {
            line += fmt::format("{:<{}} ", row[column], widths[column]);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

}  // namespace verdikt::cli
