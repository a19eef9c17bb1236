/// Every record of a key that somebody sent, by where it lies: what may have displaced which.
#pragma once

#include "checker/compaction/highest_before.h"
#include "checker/compaction/recording.h"

#include <cstdint>
#include <vector>

namespace verdikt::checker::compaction {

/// What could have taken a record's place before a read was over.
enum class displaced : std::uint8_t {
    /// Nothing.
    no,
    /// Only one of which nobody knows whether it happened, and whose sender had given up before the
    /// read began: it would have to have come later still.
    hardly,
    yes,
};

/// Of one key in one partition.
class keyed_records {
  public:
    explicit keyed_records(const recording& history) : history_(&history) {}

    /// One of them; those that nobody sent are left out.
    void add(std::uint32_t which);
    /// Requires: nothing is added afterwards.
    void sort();

    /// The highest whose offset is known and lies below `end`; `none` if there is none.
    [[nodiscard]] std::uint32_t newest_below(std::int64_t end) const;
    /// Whether something else may stand for the newest record below the read's end.
    [[nodiscard]] displaced displaced_in(const scan& by) const;

  private:
    /// Where among those the first stands that lies at `end` or above.
    [[nodiscard]] std::size_t first_above(std::int64_t end) const;

    const recording* history_;
    std::vector<std::uint32_t> placed_;  ///< By offset.
    /// Of each of those and all above it: when the first began to be sent.
    std::vector<std::uint32_t> first_begun_;
    /// Those of which nobody knows where they lie, and which did not fail: by when they began,
    /// until when they were on their way.
    highest_before unplaced_;
};

/// By key.
[[nodiscard]] std::vector<keyed_records> group_by_key(const recording& history);

}  // namespace verdikt::checker::compaction
