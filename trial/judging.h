/// Judges the history of a run: when it ends, and whenever somebody asks again.
///
/// The run's settings say by what: which workload it was, and the options of its load. They are
/// stored with it, so a stored run needs nothing else.
#pragma once

#include "checker/history/reader.h"
#include "checker/report/run.h"

#include <expected>
#include <string>

namespace verdikt::trial {

/// The name of the setting that tells the workload.
inline constexpr const char* workload_setting = "workload";

/// Fills in the opinions, and what the run as a whole says. A history that cannot be judged is an
/// opinion too: `crash`. The reason if the settings make no sense; nothing is changed then.
[[nodiscard]] std::expected<void, std::string> judge_run(checker::report::run& what,
                                                         checker::history::byte_source& history);

}  // namespace verdikt::trial
