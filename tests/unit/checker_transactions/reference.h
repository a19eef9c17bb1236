/// The checkers of transactions once more, as plainly and slowly as possible: to compare with.
#pragma once

#include "tests/unit/checker_transactions/plain_history.h"

#include <set>
#include <string>

namespace verdikt::checker {

enum class plain_order : std::uint8_t { none, process, realtime };

/// All anomalies, whatever forbids them.
[[nodiscard]] std::set<std::string> judge_lists_slowly(
    const std::vector<plain_transaction>& history, plain_order order);
[[nodiscard]] std::set<std::string> judge_registers_slowly(
    const std::vector<plain_transaction>& history, plain_order order, bool linearizable_keys);

}  // namespace verdikt::checker
