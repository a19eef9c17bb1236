/// Which partitions were read to their end, and since when: what was committed before and is not
/// seen then is gone.
///
/// Shown by a poll that says `read-to-end` (certain), or, as Jepsen's final polls look, by a
/// process that started from the beginning (`seek-to-beginning?`) and after that had a successful
/// poll that returned nothing at all (inferred: an empty poll may also mean a slow broker).
#pragma once

#include "checker/log/recording.h"
#include "checker/verdict/judgement.h"

#include <cstdint>
#include <vector>

namespace verdikt::checker::log {

struct final_read {
    /// Lines before this one are covered; 0 where there was no final read.
    std::uint32_t since = 0;
    certainty how = certainty::certain;
    /// The row that shows it.
    std::uint32_t shown_by = none;
};

/// One a partition.
[[nodiscard]] std::vector<final_read> find_final_reads(const recording& history);

}  // namespace verdikt::checker::log
