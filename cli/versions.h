/// What ran: for the report of a run.
#pragma once

#include "checker/report/run.h"

namespace verdikt::cli {

[[nodiscard]] checker::report::named_values versions_here();

}  // namespace verdikt::cli
