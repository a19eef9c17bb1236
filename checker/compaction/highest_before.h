/// The highest of what was noted before a line: asked often, in logarithmic time.
///
/// Who wants what was noted *after* a line turns the sign of all lines.
#pragma once

#include <cstdint>
#include <vector>

namespace verdikt::checker::compaction {

class highest_before {
  public:
    struct entry {
        std::int64_t line = 0;
        std::int64_t value = 0;
        /// Whatever tells the entry apart.
        std::uint32_t which = 0;
    };

    void add(const entry& one) { entries_.push_back(one); }
    /// Requires: nothing is added afterwards.
    void sort();
    /// Of those whose line is lower the first that has the highest value; null if there is none.
    /// Requires: sort() ran.
    [[nodiscard]] const entry* below(std::int64_t line) const;

  private:
    /// Once sorted, each has the value of the highest so far.
    std::vector<entry> entries_;
};

}  // namespace verdikt::checker::compaction
