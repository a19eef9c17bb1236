/// The compaction checker once more, as plainly and slowly as it can be written. To compare with.
#pragma once

#include "checker/compaction/settings.h"
#include "checker/history/operation.h"

#include <set>
#include <span>
#include <string>

namespace verdikt::checker::compaction {

struct reference_judgement {
    std::set<std::string> violations;
    std::set<std::string> allowed;
    bool doubts = false;
};

/// Requires: all names are integers, as random_history.h draws them.
[[nodiscard]] reference_judgement judge_slowly(std::span<const history::operation> operations,
                                               const settings& asked);

}  // namespace verdikt::checker::compaction
