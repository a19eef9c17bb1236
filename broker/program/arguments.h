/// The command line of the broker.
#pragma once

#include "broker/server/properties_file.h"

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::broker::program {

struct arguments {
    std::optional<std::string> config_file;
    std::vector<server::property> overrides;
    bool print_config_docs = false;
    bool help = false;
};

/// The error is a sentence for the user.
[[nodiscard]] std::expected<arguments, std::string> parse_arguments(
    const std::vector<std::string>& words);

}  // namespace verdikt::broker::program
