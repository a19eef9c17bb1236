/// The checker of administration once more, as plainly and slowly as it can be written. To compare
/// with.
#pragma once

#include "checker/admin/settings.h"
#include "checker/history/operation.h"

#include <set>
#include <span>
#include <string>

namespace verdikt::checker::admin {

struct reference_judgement {
    std::set<std::string> violations;
    bool doubts = false;
};

/// Requires: a history as random_history.h draws them.
[[nodiscard]] reference_judgement judge_slowly(std::span<const history::operation> operations,
                                               const settings& asked);

}  // namespace verdikt::checker::admin
