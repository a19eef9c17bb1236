/// `verdikt cluster up`: a local cluster in the foreground.
#pragma once

#include "cli/subcommand.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::cli {

struct cluster_up_options {
    std::int32_t brokers = 3;
    std::string folder;           ///< Kept. Empty: a temporary one, removed at the end.
    std::int32_t first_port = 0;  ///< 0: free ports are chosen.
    std::vector<std::string> overrides;
};

/// Runs until SIGINT or SIGTERM, or until no broker is left. Throws bad_arguments.
[[nodiscard]] int run_cluster(const cluster_up_options& options);

}  // namespace verdikt::cli
