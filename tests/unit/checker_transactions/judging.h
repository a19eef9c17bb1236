/// A history given as text, judged.
#pragma once

#include "checker/list_append/list_append_checker.h"
#include "checker/rw_register/rw_register_checker.h"
#include "tests/unit/judged_text.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

namespace verdikt::checker {

using names = std::set<std::string>;

inline transactions::consistency_model model_named(std::string_view name) {
    auto found = transactions::consistency_model::named(name);
    EXPECT_TRUE(found) << name;
    return *found;
}

inline std::expected<judgement, std::string> judge_lists(
    std::string_view text, std::string_view model = transactions::strictest_model) {
    const auto check = [&](const list_append::list_history& what) {
        return list_append::check(what, model_named(model));
    };
    return judged_text(text, list_append::list_history::read, check);
}

struct assumptions {
    bool writes_follow_reads = false;
    bool sequential_keys = false;
    bool linearizable_keys = false;
};

inline std::expected<judgement, std::string> judge_registers(
    std::string_view text,
    std::string_view model = transactions::strictest_model,
    const assumptions& what = {}) {
    const auto check = [&](const auto& recorded) {
        return rw_register::check(recorded,
                                  {.model = model_named(model),
                                   .writes_follow_reads = what.writes_follow_reads,
                                   .sequential_keys = what.sequential_keys,
                                   .linearizable_keys = what.linearizable_keys});
    };
    return judged_text(text, rw_register::read, check);
}

/// Each cycle that is told is one, and of the kind that its name says.
inline void check_cycle(std::string_view name, const anomaly& told) {
    int antidependencies = 0;
    bool adjacent = false;
    bool data = false;
    const auto& arcs = told.cycle;
    for (std::size_t at = 0; at < arcs.size(); ++at) {
        const dependency& next = arcs[(at + 1) % arcs.size()];
        EXPECT_EQ(arcs[at].to, next.from);
        if (arcs[at].why == "rw") ++antidependencies;
        adjacent = adjacent || (arcs[at].why == "rw" && next.why == "rw");
        data = data || (arcs[at].why != "realtime" && arcs[at].why != "process");
    }
    EXPECT_EQ(std::set<std::int64_t>(told.operations.begin(), told.operations.end()).size(),
              arcs.size());
    EXPECT_TRUE(data);
    EXPECT_EQ(told.what.find(";;"), std::string::npos);
    if (name.starts_with("G0") || name.starts_with("G1c")) EXPECT_EQ(antidependencies, 0);
    if (name.starts_with("G-single")) EXPECT_EQ(antidependencies, 1);
    if (name.starts_with("G-nonadjacent")) EXPECT_FALSE(adjacent);
    if (name.starts_with("G-nonadjacent") || name.starts_with("G2")) {
        EXPECT_GE(antidependencies, 2);
    }
}

inline void check_cycles(const judgement& judged) {
    for (const auto* side : {&judged.violations, &judged.allowed}) {
        for (const finding& one : *side) {
            for (const anomaly& told : one.examples) {
                if (!told.cycle.empty()) check_cycle(one.name, told);
            }
        }
    }
}

}  // namespace verdikt::checker
