/// The `index` of the operation on each line. Takes no memory while each is the line's number.
#pragma once

#include <cstdint>
#include <vector>

namespace verdikt::checker::history {

class line_indexes {
  public:
    /// Of the next line.
    void add(std::int64_t index) {
        const std::uint32_t line = lines_++;
        if (indexes_.empty() && index != line) {
            for (std::uint32_t before = 0; before < line; ++before) indexes_.push_back(before);
        }
        if (!indexes_.empty() || index != line) indexes_.push_back(index);
    }

    [[nodiscard]] std::uint32_t lines() const { return lines_; }
    /// Requires: lines() > 0.
    [[nodiscard]] std::uint32_t last() const { return lines_ - 1; }
    [[nodiscard]] std::int64_t of(std::uint32_t line) const {
        return indexes_.empty() ? std::int64_t{line} : indexes_[line];
    }

  private:
    std::vector<std::int64_t> indexes_;
    std::uint32_t lines_ = 0;
};

}  // namespace verdikt::checker::history
