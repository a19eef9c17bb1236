/// The subcommands of `verdikt`, one file each.
#pragma once

#include "cli/flags.h"

#include <functional>
#include <span>
#include <stdexcept>
#include <string_view>

namespace verdikt::cli {

/// Runs what the parsed flags ask for and returns the exit code of the program.
using action = std::function<int()>;

struct subcommand {
    std::string_view name;
    std::string_view summary;
    /// Declares the flags; what they are parsed into lives in the action that is returned.
    action (*declare)(flags& app);
};

/// In the order in which help lists them.
[[nodiscard]] std::span<const subcommand> all_subcommands();

/// Kafka's tools and Jepsen agree on none but this: 254 is "the arguments make no sense".
inline constexpr int exit_bad_arguments = 254;
/// The operation was tried and failed; the reason is on stderr.
inline constexpr int exit_failed = 1;

/// The flags make no sense together, or a value is malformed. Thrown by an action before it does
/// anything; ends the program with `exit_bad_arguments`.
class bad_arguments : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Parses the command line (without the program's name) and runs the subcommand that it names. An
/// unknown flag or subcommand is answered on stderr with the nearest known one.
[[nodiscard]] int run_command_line(std::span<const subcommand> known,
                                   std::span<const std::string_view> arguments);

}  // namespace verdikt::cli
