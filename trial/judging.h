/// Judges the history of a run: when it ends, and whenever somebody asks again.
///
/// The run's settings say by what: which workload it was, and the options of its load. They are
/// stored with it, so a stored run needs nothing else. Whatever the workload, it is looked whether
/// there was progress once everything had been healed (checker/availability), and what replicas
/// hold is taken from the run, if anybody looked.
#pragma once

#include "checker/history/reader.h"
#include "checker/report/run.h"

#include <expected>
#include <functional>
#include <memory>
#include <string>

namespace verdikt::trial {

/// The name of the setting that tells the workload.
inline constexpr const char* workload_setting = "workload";

/// Gives the history from its beginning: each checker reads it for itself.
using history_opener = std::function<std::unique_ptr<checker::history::byte_source>()>;

/// Fills in the opinions, and what the run as a whole says. A history that cannot be judged is an
/// opinion too: `crash`. The reason if the settings make no sense; nothing is changed then.
[[nodiscard]] std::expected<void, std::string> judge_run(checker::report::run& what,
                                                         const history_opener& history);

}  // namespace verdikt::trial
