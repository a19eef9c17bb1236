/// What elle-cli printed, understood. Its exit code is no verdict: 0 may mean "unknown" and 1 may
/// mean "I do not know that option".
#pragma once

#include <cstdint>
#include <string_view>

namespace verdikt::checker::elle {

enum class answer : std::uint8_t {
    valid,
    invalid,
    unknown,
    /// It said nothing of that file: it crashed, or was stopped.
    none,
};

[[nodiscard]] std::string_view name_of(answer what);

/// `output` is all that it printed, errors among it; for each file it was asked of it prints a line
/// `FILE<space><tab><space>VERDICT`.
[[nodiscard]] answer find_answer(std::string_view output, std::string_view file);

}  // namespace verdikt::checker::elle
