/// Elle's verdict beside ours.
#pragma once

#include "checker/elle/elle_answer.h"
#include "checker/verdict/judgement.h"

#include <string_view>

namespace verdikt::checker::elle {

/// Says in `ours` what Elle said, and makes it inconclusive where the two differ. Where Elle gave
/// no verdict, `why` tells the reason, and ours is no longer valid: a violation stands, because it
/// was proven.
void add_second_opinion(answer theirs, std::string_view why, judgement& ours);

}  // namespace verdikt::checker::elle
