/// A broker in the foreground of a terminal or a service: what `verdikt-broker` and `verdikt
/// broker` do.
///
///     --config FILE               server.properties
///     --override key=value        wins over the file; may be repeated
///     --print-config-docs         prints docs/configuration.md and ends
///
/// Ends cleanly on SIGTERM and SIGINT.
#pragma once

#include <string>
#include <vector>

namespace verdikt::broker::program {

/// The exit code: 0 after a clean shutdown, 1 if the broker could not start or failed, 2 if its
/// configuration is wrong, 254 if a flag is.
[[nodiscard]] int run_program(std::vector<std::string> words);

}  // namespace verdikt::broker::program
