/// Histories given as text, judged; and what the judgement names.
#pragma once

#include "checker/history/reader.h"
#include "checker/verdict/judgement.h"

#include <expected>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::checker {

/// `check` judges what `read` makes of it. The error says what is wrong with the text.
template <typename Read, typename Check>
std::expected<judgement, std::string> judged_text(std::string_view text, Read read, Check check) {
    history::text_source source(text);
    const auto reader = history::open_history(source);
    if (!reader) return std::unexpected(reader.error().what);
    const auto recorded = read(**reader);
    if (!recorded) return std::unexpected(recorded.error().what);
    return check(*recorded);
}

inline std::set<std::string> names_of(const std::vector<finding>& findings) {
    std::set<std::string> names;
    for (const finding& one : findings) names.emplace(one.name);
    return names;
}

}  // namespace verdikt::checker
