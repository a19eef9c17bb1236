/// The report of a run, in the folder where the run is stored.
#pragma once

#include "checker/report/run.h"

#include <expected>
#include <filesystem>
#include <string>

namespace verdikt::cli {

/// `history.ndjson`, or `history.edn` if there is no other.
[[nodiscard]] std::filesystem::path history_in(const std::filesystem::path& folder);

/// Reads the history and the log of each node, `node-N/broker.log`, of that
/// folder; writes `report.html` and `results.json` there. The reason names the
/// file at fault. A log that cannot be read is left out.
[[nodiscard]] std::expected<void, std::string> write_report(const std::filesystem::path& folder,
                                                            const checker::report::run& what);

}  // namespace verdikt::cli
