/// Random histories of consume-transform-produce, with anomalies on purpose.
///
/// A small model of a cluster serves instances that do one thing at a time. What goes wrong, and
/// how often, is drawn once a history; those to which nothing happened must be free of violations.
#pragma once

#include "tests/unit/checker_exactly_once/plain_history.h"

#include <cstdint>

namespace verdikt::checker::exactly_once {

struct random_history {
    plain_history drawn;
    bool clean = false;
};

[[nodiscard]] random_history draw_history(std::uint64_t seed);

}  // namespace verdikt::checker::exactly_once
