/// Random histories of a log, with anomalies on purpose.
///
/// A small model of a cluster serves processes that do one thing at a time. What goes wrong, and
/// how often, is drawn once a history, so that many have one kind of trouble, some have several and
/// some have none: those must be judged free of violations.
#pragma once

#include "checker/history/operation.h"

#include <cstdint>
#include <vector>

namespace verdikt::checker::log {

struct random_history {
    std::vector<history::operation> operations;
    /// Nothing was done to it that breaks a promise.
    bool clean = false;
};

[[nodiscard]] random_history draw_history(std::uint64_t seed);

}  // namespace verdikt::checker::log
