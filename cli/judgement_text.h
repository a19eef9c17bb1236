/// A judgement as people and programs read it.
#pragma once

#include "checker/verdict/judgement.h"

#include <string>

namespace verdikt::cli {

/// 0 valid, 1 violation, 2 inconclusive or a failed lab, 255 a failure of ours.
[[nodiscard]] int exit_code_of(checker::verdict says);

/// Ends with an end of line.
[[nodiscard]] std::string judgement_as_text(const checker::judgement& judged);
/// One object on one line.
[[nodiscard]] std::string judgement_as_json(const checker::judgement& judged);

}  // namespace verdikt::cli
