/// The store as web pages: what each address answers.
///
///     /                              all runs; ?test= and ?verdict= leave some out, ?page= goes on
///     /runs/<test>/<time>/           one run
///     /runs/<test>/<time>/<path>     one of its files
///
/// Decides only; store_server.h carries it out.
#pragma once

#include "cli/store.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace verdikt::cli {

struct http_answer {
    std::string_view status;
    std::string_view type;
    std::string body = {};
    /// Of the file that is sent instead of a body; empty if there is none.
    std::filesystem::path file = {};
    /// To be kept, not shown.
    bool download = false;
};

/// Whatever the method, target and store hold, this throws nothing but what memory does.
[[nodiscard]] http_answer answer_of(store& from, std::string_view method, std::string_view target);

}  // namespace verdikt::cli
