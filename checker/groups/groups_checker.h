/// Judges a consumer group: had each partition one owner, and did commits stand?
///
/// Takes time in proportion to the history, but for sorting, as long as little is wrong with it.
#pragma once

#include "checker/groups/recording.h"
#include "checker/groups/settings.h"
#include "checker/verdict/judgement.h"

namespace verdikt::checker::groups {

[[nodiscard]] judgement check(const recording& history, const settings& asked);

}  // namespace verdikt::checker::groups
