/// A history given as text, judged.
#pragma once

#include "checker/history/reader.h"
#include "checker/log/log_checker.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

namespace verdikt::checker::log {

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

inline std::set<std::string> all_names(const judgement& what) {
    std::set<std::string> names = names_of(what.violations);
    names.merge(names_of(what.allowed));
    return names;
}

}  // namespace verdikt::checker::log
