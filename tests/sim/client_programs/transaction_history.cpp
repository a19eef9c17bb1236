#include "tests/sim/client_programs/transaction_history.h"

#include "runtime/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

namespace verdikt::tests {

std::string transactional_record::text() const {
    return fmt::format("{}/{}/{}", of.program, of.number, record);
}

transactional_record transactional_record::read(std::string_view text) {
    transactional_record result;
    const char* at = text.data();
    for (int* const part : {&result.of.program, &result.of.number, &result.record}) {
        const auto parsed = std::from_chars(at, text.data() + text.size(), *part);
        CHECK(parsed.ec == std::errc(), "not a transactional record: {}", text);
        at = parsed.ptr + 1;
    }
    return result;
}

std::vector<std::string> transaction_history::judge(
    const std::vector<found_transactional>& found) const {
    std::vector<std::string> wrong;
    std::map<transaction_name, std::set<int>> seen;
    std::map<std::pair<kafka::topic_partition, int>, transactional_record> last;
    for (const found_transactional& each : found) {
        if (!seen[each.what.of].insert(each.what.record).second) {
            wrong.push_back(fmt::format("{} is there twice", each.what.text()));
        }
        const auto [before, is_first] =
            last.try_emplace({each.where, each.what.of.program}, each.what);
        if (!is_first && each.what < before->second) {
            wrong.push_back(
                fmt::format("{} comes after {}", each.what.text(), before->second.text()));
        }
        before->second = each.what;
        if (!transactions_.contains(each.what.of)) {
            wrong.push_back(fmt::format("{} was never written", each.what.text()));
        }
    }
    for (const auto& [name, each] : transactions_) {
        const int count = static_cast<int>(seen[name].size());
        const bool may_be_absent = each.fate != transaction_fate::committed;
        const bool may_be_there =
            each.fate == transaction_fate::committed || each.fate == transaction_fate::unknown;
        const bool is_right = (count == 0 && (may_be_absent || each.records == 0)) ||
                              (count == each.records && may_be_there);
        if (is_right) continue;
        wrong.push_back(fmt::format("{}/{}, of fate {}, shows {} of {} records",
                                    name.program,
                                    name.number,
                                    static_cast<int>(each.fate),
                                    count,
                                    each.records));
    }
    return wrong;
}

std::optional<std::string> transaction_history::judge_offset(int program,
                                                             std::optional<int> found) const {
    std::set<std::optional<int>> possible{std::nullopt};
    for (const auto& [name, each] : transactions_) {
        if (name.program != program || !each.has_offsets) continue;
        if (each.fate == transaction_fate::committed) possible.clear();
        const bool may_count =
            each.fate == transaction_fate::committed || each.fate == transaction_fate::unknown;
        if (may_count) possible.insert(name.number);
    }
    if (possible.contains(found)) return std::nullopt;
    return fmt::format("program {} left offset {}", program, found.value_or(-1));
}

std::size_t transaction_history::count(transaction_fate which) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        transactions_, [&](const auto& entry) { return entry.second.fate == which; }));
}

}  // namespace verdikt::tests
