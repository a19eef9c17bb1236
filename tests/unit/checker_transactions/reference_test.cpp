#include "tests/unit/checker_transactions/reference.h"
#include "checker/history/writer.h"
#include "checker/verdict/catalogue_parts.h"
#include "tests/sim/for_each_seed.h"
#include "tests/unit/checker_transactions/judging.h"

#include <array>
#include <cstdlib>
#include <iostream>

namespace verdikt::checker {
namespace {

struct view {
    std::string_view model;
    plain_order order;
};
constexpr std::array views{view{"strict-serializable", plain_order::realtime},
                           view{"strong-session-serializable", plain_order::process},
                           view{"serializable", plain_order::none}};

std::string text_of(const random_history& drawn) {
    std::string text;
    for (const history::operation& one : drawn.operations) append_ndjson(text, one);
    return text;
}

names all_names(const judgement& what) {
    names all = names_of(what.violations);
    all.merge(names_of(what.allowed));
    return all;
}

/// Adds what was met.
void compare(std::uint64_t seed, dialect what, const view& how, names& met) {
    const random_history drawn = draw_history(seed, what);
    const std::string text = text_of(drawn);
    const auto plain = plain_history(drawn.operations, what);
    const bool linearizable = seed % 2 == 0;
    const auto judged = what == dialect::lists
                            ? judge_lists(text, how.model)
                            : judge_registers(text, how.model, {.linearizable_keys = linearizable});
    ASSERT_TRUE(judged) << judged.error();
    const names expected = what == dialect::lists
                               ? judge_lists_slowly(plain, how.order)
                               : judge_registers_slowly(plain, how.order, linearizable);
    EXPECT_EQ(all_names(*judged), expected) << how.model << "\n" << text;
    check_cycles(*judged);
    met.merge(all_names(*judged));
    if (drawn.clean) EXPECT_EQ(names_of(judged->violations), names()) << text;
}

/// Among a thousand histories there may be none with these.
bool is_rare(std::string_view name) {
    const bool variant = name.ends_with("-process") || name.ends_with("-realtime");
    if (name == "torn-transaction") return true;
    return name.starts_with("G-nonadjacent") || (variant && !name.starts_with("G-single"));
}

void compare_all(dialect what, const names& never) {
    names met;
    runtime::sim::for_each_seed(
        1000, [&](std::uint64_t seed) { compare(seed, what, views[seed % views.size()], met); });
    if (testing::Test::HasFailure() || std::getenv("VERDIKT_SEED") != nullptr) return;
    std::size_t rare = 0;
    for (const anomaly_kind& kind : transaction_anomalies()) {
        const std::string name(kind.name);
        if (never.contains(name)) EXPECT_FALSE(met.contains(name)) << name;
        if (never.contains(name)) continue;
        if (is_rare(name)) {
            rare += met.contains(name) ? 1 : 0;
        } else {
            EXPECT_TRUE(met.contains(name)) << name;
        }
    }
    EXPECT_GT(rare, 0U);
    std::cout << met.size() << " kinds of anomalies met\n";
}

TEST(random_histories_of_lists, are_judged_as_the_slow_reference_judges_them) {
    compare_all(dialect::lists, {"cyclic-versions"});
}

TEST(random_histories_of_registers, are_judged_as_the_slow_reference_judges_them) {
    compare_all(dialect::registers, {"duplicate-elements", "incompatible-order", "dirty-update"});
}

}  // namespace
}  // namespace verdikt::checker
