/// The exactly-once checker once more, as plainly and slowly as it can be written: every definition
/// of docs/checker.md as a loop over everything. To compare with.
#pragma once

#include "tests/unit/checker_exactly_once/plain_history.h"

#include <set>
#include <string>

namespace verdikt::checker::exactly_once {

struct reference_judgement {
    std::set<std::string> seen;
    bool doubtful = false;
};

[[nodiscard]] reference_judgement judge_slowly(const plain_history& history);

}  // namespace verdikt::checker::exactly_once
