/// The groups checker once more, as plainly and slowly as it can be written: every definition of
/// docs/checker.md as a loop over everything. To compare with.
#pragma once

#include "checker/groups/settings.h"
#include "tests/unit/checker_groups/plain_history.h"

#include <set>
#include <string>

namespace verdikt::checker::groups {

struct reference_judgement {
    std::set<std::string> violations;
    std::set<std::string> allowed;
    bool doubtful = false;
};

[[nodiscard]] reference_judgement judge_slowly(const plain_history& history, const settings& asked);

}  // namespace verdikt::checker::groups
