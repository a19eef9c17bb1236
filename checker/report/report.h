/// A run as a page that convinces somebody who was not there, and as JSON for programs.
///
/// Pure: the caller opens the files and writes what comes back. The page is one file that needs no
/// script, network or program but a browser. The history passes by once, one operation at a time;
/// what is kept does not grow with it, so a page stays far below 20 MB.
///
///     const auto made = report::make_report(run, history, logs);
///     …write made->html to report.html and made->json to results.json…
#pragma once

#include "checker/history/reader.h"
#include "checker/report/run.h"

#include <expected>
#include <span>
#include <string>

namespace verdikt::checker::report {

/// The log of a node: lines that begin with a time, as RFC 3339 has it. Others belong to the line
/// before.
struct node_log {
    std::string node;  ///< `node 1`
    history::byte_source* lines = nullptr;
};

struct report {
    std::string html;
    /// `results.json`: one object, without times and operations that the history tells.
    std::string json;
};

/// A history that ends in a malformed line gives a report of what came before, which says so.
/// `logs` are read once each; of them are shown the lines around what is proven.
[[nodiscard]] report make_report(const run& what,
                                 history::byte_source& history,
                                 std::span<const node_log> logs);

}  // namespace verdikt::checker::report
