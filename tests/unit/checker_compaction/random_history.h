/// Random histories of partitions that are cleaned, with anomalies on purpose.
///
/// A small model of a log serves processes that do one thing at a time. Its cleaner goes to work
/// between any two lines, also while somebody reads. What goes wrong is drawn once a history; those
/// in which nothing does must be judged free of violations.
#pragma once

#include "checker/history/operation.h"

#include <cstdint>
#include <vector>

namespace verdikt::checker::compaction {

struct random_history {
    std::vector<history::operation> operations;
    /// Nothing was done to it that breaks a promise.
    bool clean = false;
};

[[nodiscard]] random_history draw_history(std::uint64_t seed);

}  // namespace verdikt::checker::compaction
