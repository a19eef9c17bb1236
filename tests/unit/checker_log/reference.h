/// The log checker once more, as plainly and slowly as it can be written: every definition of
/// docs/checker.md as a loop over everything. To compare with.
#pragma once

#include "checker/history/operation.h"
#include "checker/log/settings.h"

#include <set>
#include <span>
#include <string>

namespace verdikt::checker::log {

struct reference_judgement {
    std::set<std::string> violations;
    std::set<std::string> allowed;
};

/// Requires: partitions and values are integers, as random_history.h draws them.
[[nodiscard]] reference_judgement judge_slowly(std::span<const history::operation> operations,
                                               const settings& asked);

}  // namespace verdikt::checker::log
