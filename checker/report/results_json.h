/// `results.json`: what a program wants to know of a run.
#pragma once

#include "checker/report/sections.h"

#include <string>

namespace verdikt::checker::report {

/// One object, indented, with an end of line. Bytes that are no UTF-8 are replaced.
[[nodiscard]] std::string results_as_json(const page_matter& of);

}  // namespace verdikt::checker::report
