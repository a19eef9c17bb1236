/// Numbers and times as people read them.
#pragma once

#include "checker/history/operation.h"

#include <cstdint>
#include <string>

namespace verdikt::checker::report {

/// `12.345 s`: a time in the run.
[[nodiscard]] std::string run_time(std::int64_t nanoseconds);
/// `850 µs`, `1.2 ms`, `3.4 s`
[[nodiscard]] std::string duration_in_words(std::int64_t nanoseconds);
/// `1,234,567`
[[nodiscard]] std::string grouped(std::uint64_t number);
/// `1 case`, `3 cases`
[[nodiscard]] std::string counted(std::uint64_t number, const std::string& noun);
/// `2026-11-22 04:05:06 UTC`, of nanoseconds since 1970.
[[nodiscard]] std::string wall_time(std::int64_t nanoseconds);
/// `acknowledged`, `failed`, `outcome unknown`
[[nodiscard]] std::string outcome_in_words(history::op_type type);

}  // namespace verdikt::checker::report
