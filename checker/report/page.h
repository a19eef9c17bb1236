/// What every page of ours begins and ends with: it is whole in one file, and forbids itself to run
/// or to load anything.
#pragma once

#include "checker/report/markup.h"

#include <functional>
#include <string>

namespace verdikt::checker::report {

[[nodiscard]] std::string whole_page(const std::string& title,
                                     const std::function<void(markup&)>& write_body);

}  // namespace verdikt::checker::report
