/// A history given as text, judged.
#pragma once

#include "checker/admin/admin_checker.h"
#include "tests/unit/judged_text.h"

#include <gtest/gtest.h>

namespace verdikt::checker::admin {

inline std::expected<judgement, std::string> judge(std::string_view text,
                                                   const settings& asked = {}) {
    return judged_text(
        text, recording::read, [&](const recording& what) { return check(what, asked); });
}

}  // namespace verdikt::checker::admin
