/// Judges input, output and group offsets together: was each input processed exactly once?
///
/// Takes time in proportion to the history, but for sorting.
#pragma once

#include "checker/exactly_once/recording.h"
#include "checker/exactly_once/settings.h"
#include "checker/verdict/judgement.h"

namespace verdikt::checker::exactly_once {

[[nodiscard]] judgement check(const recording& history, const settings& asked);

}  // namespace verdikt::checker::exactly_once
