/// Random histories of administration, with anomalies on purpose.
///
/// A model of a log of metadata, and of brokers that apply it each at a pace of its own. What goes
/// wrong is drawn once a history; those in which nothing does must be judged free of violations.
#pragma once

#include "checker/history/operation.h"

#include <cstdint>
#include <vector>

namespace verdikt::checker::admin {

struct random_history {
    std::vector<history::operation> operations;
    /// Nothing was done to it that breaks a promise.
    bool clean = false;
};

[[nodiscard]] random_history draw_history(std::uint64_t seed);

}  // namespace verdikt::checker::admin
