/// Every record of a key that somebody sent, by where it lies: what may have displaced which.
#pragma once

#include "checker/compaction/recording.h"

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
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
    /// Requires: all of them, and they do not change afterwards.
    keyed_records(const recording& history, std::vector<std::uint32_t> records);

    /// The highest whose offset is known and lies below `end`; `none` if there is none.
    [[nodiscard]] std::uint32_t newest_below(std::int64_t end) const;
    /// Whether something else may stand for the newest record below the read's end.
    [[nodiscard]] displaced displaced_in(const scan& by) const;

  private:
    const recording& history_;
    std::vector<std::uint32_t> placed_;  ///< By offset.
    /// Of each of those and all above it: when the first began to be sent.
    std::vector<std::uint32_t> first_begun_;
    std::vector<std::uint32_t> unplaced_;  ///< Those that failed are left out.
};

/// By partition, then key.
[[nodiscard]] std::vector<std::map<std::uint32_t, keyed_records>> group_by_key(
    const recording& history);

}  // namespace verdikt::checker::compaction
