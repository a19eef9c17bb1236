/// What a person is told of a run at its end.
#pragma once

#include "checker/report/run.h"

#include <string>

namespace verdikt::cli {

/// In lines: the verdict, why, what was found, which faults bit.
[[nodiscard]] std::string run_text(const checker::report::run& what);

}  // namespace verdikt::cli
