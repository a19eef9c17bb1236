/// Runs a system's own tool (`ip`, `nft`, `tc`, `ss`) and waits for it.
///
/// It blocks the caller's thread: these tools take milliseconds, and an agent has nothing better to
/// do meanwhile.
#pragma once

#include "nemesis/lab.h"

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::nemesis::agent {

/// Where a program of that name is: on the path, or where systems keep what is for root. An
/// unprivileged user's path often lacks the latter.
[[nodiscard]] std::optional<std::string> find_program(std::string_view name);

/// `words.front()` is looked for as `find_program` does. The reason if it cannot be run or does not
/// end in time; it is killed then.
[[nodiscard]] std::expected<program_result, std::string> run_program(
    std::vector<std::string> words,
    std::string_view input = {},
    std::chrono::milliseconds patience = std::chrono::seconds(10));

/// The same, and any other exit code than 0 is a reason, with what the program said. Returns its
/// output.
[[nodiscard]] std::expected<std::string, std::string> run_or_reason(std::vector<std::string> words,
                                                                    std::string_view input = {});

}  // namespace verdikt::nemesis::agent
