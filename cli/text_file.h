/// Files that a tool is given to read.
#pragma once

#include "cli/subcommand.h"

#include <expected>
#include <string>
#include <utility>

namespace verdikt::cli {

/// Throws bad_arguments if it cannot be read.
[[nodiscard]] std::string text_of_file(const std::string& path);

/// Throws bad_arguments that names the file and what is wrong with it.
template <typename T>
T value_or_refuse(std::expected<T, std::string> parsed, const std::string& path) {
    if (!parsed) throw bad_arguments(path + ": " + parsed.error());
    return std::move(*parsed);
}

}  // namespace verdikt::cli
