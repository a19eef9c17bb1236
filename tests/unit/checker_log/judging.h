/// A history given as text, judged.
#pragma once

#include "checker/log/log_checker.h"
#include "tests/unit/judged_text.h"

#include <gtest/gtest.h>

namespace verdikt::checker::log {

inline std::expected<judgement, std::string> judge(std::string_view text,
                                                   const settings& asked = {}) {
    return judged_text(
        text, recording::read, [&](const recording& what) { return check(what, asked); });
}

inline std::set<std::string> all_names(const judgement& what) {
    std::set<std::string> names = names_of(what.violations);
    names.merge(names_of(what.allowed));
    return names;
}

}  // namespace verdikt::checker::log
