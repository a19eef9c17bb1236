/// An operation's value in words, trimmed to the offsets that an anomaly is about.
#pragma once

#include "checker/report/digest.h"

#include <string>
#include <vector>

namespace verdikt::checker::report {

[[nodiscard]] std::string shortened_value(history::datum_view what, std::size_t bytes_max);

/// A line a micro-operation. Of what was polled, records near one of `about` stay; where that says
/// nothing of a partition, its first and last.
[[nodiscard]] std::vector<std::vector<piece>> in_words(history::datum_view value,
                                                       const std::vector<log_place>& about);

}  // namespace verdikt::checker::report
