/// The subcommands of `verdikt`, one file each.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <span>
#include <string_view>

namespace verdikt::cli {

/// Runs what the parsed flags ask for and returns the exit code of the program.
using action = std::function<int()>;

struct subcommand {
    std::string_view name;
    std::string_view summary;
    /// Declares the flags on `app`, which must outlive the action that is returned.
    action (*declare)(CLI::App& app);
};

/// In the order in which help lists them.
[[nodiscard]] std::span<const subcommand> all_subcommands();

/// Kafka's tools and Jepsen agree on none but this: 254 is "the arguments make no sense".
inline constexpr int exit_bad_arguments = 254;
/// The operation was tried and failed; the reason is on stderr.
inline constexpr int exit_failed = 1;

/// Parses the command line (without the program's name) and runs the subcommand that it names. An
/// unknown flag or subcommand is answered on stderr with the nearest known one.
[[nodiscard]] int run_command_line(std::span<const subcommand> known,
                                   std::span<const std::string_view> arguments);

}  // namespace verdikt::cli
