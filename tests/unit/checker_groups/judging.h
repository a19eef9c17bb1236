/// A history given as text, judged.
#pragma once

#include "checker/groups/groups_checker.h"
#include "checker/history/reader.h"

#include <gtest/gtest.h>

#include <expected>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::checker::groups {

inline std::expected<judgement, std::string> judge(std::string_view text,
                                                   const settings& asked = {}) {
    history::text_source source(text);
    const auto reader = history::open_history(source);
    if (!reader) return std::unexpected(reader.error().what);
    const auto recorded = recording::read(**reader);
    if (!recorded) return std::unexpected(recorded.error().what);
    return check(*recorded, asked);
}

inline std::set<std::string> names_of(const std::vector<finding>& findings) {
    std::set<std::string> names;
    for (const finding& one : findings) names.emplace(one.name);
    return names;
}

}  // namespace verdikt::checker::groups
