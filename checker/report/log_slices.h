/// What each node logged around the moments that matter.
#pragma once

#include "checker/report/digest.h"
#include "checker/report/report.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::checker::report {

/// The lines of one node in one span of time.
struct log_slice {
    static constexpr std::size_t lines_max = 60;
    std::string node;
    std::int64_t from = 0;  ///< In nanoseconds since the run began.
    std::int64_t to = 0;
    std::vector<std::string> lines;
    std::uint64_t left_out = 0;
};

/// Nanoseconds since 1970 of a line that begins with a time in UTC, as in
/// `2026-11-22T04:05:06.789Z`.
[[nodiscard]] std::optional<std::int64_t> time_of_log_line(std::string_view line);

/// Around the operations that prove what was promised not to happen, for each node in turn.
[[nodiscard]] std::vector<log_slice> slice_logs(const run& what,
                                                const digest& seen,
                                                std::span<const node_log> logs);

}  // namespace verdikt::checker::report
