/// How many operations ended when, and how long they took, in memory that does not grow.
///
/// Time is cut into at most `slots_max` slots of equal length. When a run outgrows them, pairs of
/// slots become one. Durations are kept to within a fifth of their value.
#pragma once

#include "checker/history/operation.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace verdikt::checker::report {

/// Of how many durations lie in which range. Empty until the first.
class durations {
  public:
    void add(std::int64_t nanoseconds);
    void add(const durations& others);
    [[nodiscard]] std::uint64_t count() const { return count_; }
    /// In nanoseconds, the middle of its range; 0 if there are none. Requires: 0 < part <= 1.
    [[nodiscard]] std::int64_t quantile(double part) const;

  private:
    /// Four ranges each time the duration doubles, from a microsecond on.
    static constexpr std::size_t ranges = 128;
    [[nodiscard]] static std::size_t range_of(std::int64_t nanoseconds);

    std::vector<std::uint32_t> in_range_;
    std::uint64_t count_ = 0;
};

struct outcome_counts {
    std::uint64_t ok = 0;
    std::uint64_t fail = 0;
    std::uint64_t info = 0;

    void add(history::op_type type);
    void add(const outcome_counts& others);
    [[nodiscard]] std::uint64_t total() const { return ok + fail + info; }
};

class rates {
  public:
    static constexpr std::size_t slots_max = 400;
    /// What else is done is counted as `other`.
    static constexpr std::size_t kinds_max = 8;

    struct kind {
        outcome_counts ended;
        durations took;                ///< Of those that are ok.
        std::vector<durations> slots;  ///< The same by slot; may be shorter than there are slots.
    };

    /// An operation of a client ended.
    void add(const std::string& f, history::op_type type, std::int64_t at, std::int64_t took);

    [[nodiscard]] std::int64_t slot_length() const { return slot_length_; }
    [[nodiscard]] const std::vector<outcome_counts>& slots() const { return slots_; }
    [[nodiscard]] const std::map<std::string, kind>& kinds() const { return kinds_; }

  private:
    void halve();

    std::int64_t slot_length_ = 50'000'000;
    std::vector<outcome_counts> slots_;
    std::map<std::string, kind> kinds_;
};

}  // namespace verdikt::checker::report
