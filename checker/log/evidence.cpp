#include "checker/log/evidence.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::checker::log {

std::vector<std::int64_t> evidence::operations(std::initializer_list<std::uint32_t> rows) const {
    std::vector<std::int64_t> indexes;
    for (const std::uint32_t row : rows) {
        if (row != none) indexes.push_back(history.index_of(history.rows()[row]));
    }
    std::ranges::sort(indexes);
    indexes.erase(std::ranges::unique(indexes).begin(), indexes.end());
    return indexes;
}

std::vector<log_place> evidence::places(std::uint32_t message,
                                        std::initializer_list<std::int64_t> offsets) const {
    std::vector<log_place> found;
    for (const std::int64_t offset : offsets) {
        if (offset == unknown_offset) continue;
        const std::uint32_t partition = history.messages().partition_of(message);
        found.push_back({history.partitions().text_of(partition), offset});
    }
    return found;
}

std::string evidence::message(std::uint32_t number) const {
    const auto& messages = history.messages();
    return fmt::format("{} of partition {}",
                       messages.text_of(number),
                       history.partitions().text_of(messages.partition_of(number)));
}

std::string evidence::operation(std::uint32_t row) const {
    return fmt::format("operation {}", history.index_of(history.rows()[row]));
}

}  // namespace verdikt::checker::log
