/// `results.json`: what a program wants to know of a run, and what is needed to judge it again.
///
/// It holds the whole `run` but for what follows from the history, so that nothing else has to be
/// stored of it.
#pragma once

#include "checker/report/sections.h"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace verdikt::checker::report {

/// One object, indented, with an end of line. Bytes that are no UTF-8 are replaced.
[[nodiscard]] std::string results_as_json(const page_matter& of);

struct stored_results {
    run what;                  ///< Without opinions.
    std::int64_t length = 0;   ///< Of the history, in nanoseconds.
    outcome_counts ended;      ///< Of all operations.
    std::uint64_t broken = 0;  ///< Kinds of anomalies that were promised not to happen.
    std::string words;
};

/// Reads what `results_as_json` wrote. What is missing is as if it had been empty; the reason says
/// what is of a wrong kind.
[[nodiscard]] std::expected<stored_results, std::string> read_results(std::string_view json);

}  // namespace verdikt::checker::report
