/// Random histories of a group, with anomalies on purpose.
///
/// A small model of a coordinator serves members that do one thing at a time. What goes wrong, and
/// how often, is drawn once a history; those to which nothing happened must be free of violations.
#pragma once

#include "tests/unit/checker_groups/plain_history.h"

#include <cstdint>

namespace verdikt::checker::groups {

struct random_history {
    plain_history drawn;
    bool clean = false;
};

[[nodiscard]] random_history draw_history(std::uint64_t seed);

}  // namespace verdikt::checker::groups
