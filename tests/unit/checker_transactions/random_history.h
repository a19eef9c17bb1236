/// Random histories of a small store of lists or registers, with anomalies on purpose.
///
/// A store serves processes that do one transaction at a time: each at once as a whole, each from a
/// snapshot of its beginning, micro-operation by micro-operation as they come, or from one of
/// several copies that hear of each other late. On top of that,
/// what reads return may be damaged, what failed may stay, and what succeeded may be lost. How much
/// of this is drawn once a history.
#pragma once

#include "checker/history/operation.h"

#include <cstdint>
#include <vector>

namespace verdikt::checker {

enum class dialect : std::uint8_t { lists, registers };

struct random_history {
    std::vector<history::operation> operations;
    /// Every transaction took effect at one moment while it ran, and nothing was damaged.
    bool clean = false;
};

[[nodiscard]] random_history draw_history(std::uint64_t seed, dialect what);

}  // namespace verdikt::checker
