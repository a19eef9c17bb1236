/// How long faults kept a cluster from serving: fault by fault, and by kind of fault.
#pragma once

#include "checker/availability/availability.h"

#include <optional>
#include <string>
#include <vector>

namespace verdikt::checker::availability {

/// What followed one disturbance. Nothing where nobody asked.
struct recovery {
    /// From its begin to the first write that began after it and was acknowledged.
    std::optional<delay> next_write;
    /// The same, to the last of the partitions (of the kinds of operations, in a history that
    /// tells no writes to partitions).
    std::optional<delay> everywhere;
    /// The same, from when it was healed.
    std::optional<delay> everywhere_healed;
};

/// Those of one kind of fault.
struct delays {
    std::vector<delay> sorted;  ///< Rising.

    /// The least that so large a part of them does not exceed. Requires: there are some, and
    /// 0 < part <= 1.
    [[nodiscard]] const delay& quantile(double part) const;
};

struct recoveries {
    std::string kind;
    std::size_t count = 0;
    delays next_write;
    delays everywhere;
    delays everywhere_healed;
};

/// By disturbance.
[[nodiscard]] std::vector<recovery> recovery_of_each(const measured& what);
/// By name of the kind.
[[nodiscard]] std::vector<recoveries> recoveries_by_kind(const measured& what);

}  // namespace verdikt::checker::availability
