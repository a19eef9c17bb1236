/// Histories that Elle judged under several consistency models: ours must say the same, but for
/// what docs/checker.md lists.
#include "tests/unit/checker_transactions/judging.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <sstream>
#include <utility>

namespace verdikt::checker {
namespace {

using json = nlohmann::json;

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

struct judged_history {
    std::string name;
    std::string text;
    json verdicts;
};

/// Empty where the corpus is not there.
std::vector<judged_history> corpus(const std::string& model) {
    std::vector<judged_history> all;
    const std::filesystem::path folder = std::filesystem::path(SHARED_CORPUS) / model;
    if (!std::filesystem::exists(folder)) return all;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".edn") continue;
        auto other = entry.path();
        const json expected = json::parse(text_of(other.replace_extension(".expected.json")));
        all.push_back({entry.path().stem(), text_of(entry.path()), expected["verdicts"]});
    }
    std::ifstream random(SHARED_CORPUS "/fuzz/" + model + ".jsonl");
    std::string line;
    while (std::getline(random, line)) {
        const json one = json::parse(line);
        all.push_back({"fuzz " + one["id"].dump(), one["history"].dump(), one["verdicts"]});
    }
    return all;
}

std::string models_of(const json& options) {
    std::string models;
    for (const json& one : options["consistency-models"]) {
        models += (models.empty() ? "" : ",") + one.get<std::string>();
    }
    return models;
}

bool flag(const json& options, const char* name) {
    return options.contains(name) && options[name] == true;
}

std::expected<judgement, std::string> judge(const std::string& model,
                                            const judged_history& one,
                                            const json& options) {
    if (model == "list-append") return judge_lists(one.text, models_of(options));
    return judge_registers(one.text,
                           models_of(options),
                           {.writes_follow_reads = flag(options, "wfr-keys?"),
                            .sequential_keys = flag(options, "sequential-keys?"),
                            .linearizable_keys = flag(options, "linearizable-keys?")});
}

std::string text_of(const names& all) {
    std::string text;
    for (const std::string& one : all) text += one + " ";
    return text;
}

/// Histories that Elle cannot decide and we can: an operation without an end is one whose outcome
/// is unknown, and a write of unknown outcome that was read did happen.
bool differs_as_documented(const std::string& name) {
    return name == "crash-invoke-without-completion" || name == "valid-info";
}

verdict verdict_of(const json& expected) {
    const json& valid = expected["valid?"];
    if (valid == true) return verdict::valid;
    return valid == false ? verdict::violation : verdict::inconclusive;
}

bool is_cycle(const std::string& name) {
    return name.starts_with("G0") || name.starts_with("G1c") || name.starts_with("G-") ||
           name.starts_with("G2");
}

/// That some cycle exists, or that none can, is said in other words here.
names anomalies_of(const json& expected) {
    names all;
    for (const std::string name : expected["anomaly-types"]) {
        if (!name.ends_with("-cycle-exists") && name != "empty-transaction-graph") all.insert(name);
    }
    return all;
}

names without_cycles(const names& all) {
    names rest;
    std::ranges::copy_if(all, std::inserter(rest, rest.end()), std::not_fn(is_cycle));
    return rest;
}

/// G0 before G1c, G-single-item before G-nonadjacent-item before G2-item; data alone before
/// processes before real time. What stands before in both is a case of what stands after.
bool is_case_of(const std::string& special, const std::string& general) {
    const auto rank = [](const std::string& name) {
        const std::array families{"G0", "G1c", "G-single", "G-nonadjacent", "G2"};
        const auto found = std::ranges::find_if(
            families, [&name](const char* family) { return name.starts_with(family); });
        const int order = name.ends_with("-realtime") ? 2 : name.ends_with("-process") ? 1 : 0;
        return std::pair(found - families.begin(), order);
    };
    const auto [family, order] = rank(special);
    const auto [other_family, other_order] = rank(general);
    const bool same_side = (family < 2) == (other_family < 2);
    return same_side && family <= other_family && order <= other_order;
}

/// Where lists of one key contradict each other, Elle takes any of the longest for the order.
bool order_is_left_to_chance(const names& all) {
    return all.contains("incompatible-order") || all.contains("duplicate-elements");
}

/// Elle names a circle after one way to explain it, and drops it where that is not the way it was
/// looking for. We look for fewer reasons first. So each of its names must be ours, or a special
/// case of it; and what we name besides stands there with a circle that proves it.
void compare_cycles(const names& ours, const names& theirs) {
    for (const std::string& name : theirs) {
        if (!is_cycle(name)) continue;
        EXPECT_TRUE(std::ranges::any_of(ours, [&name](const std::string& one) {
            return is_cycle(one) && is_case_of(one, name);
        })) << name;
    }
}

/// How often names were the same, of how many verdicts.
struct agreement {
    int same = 0;
    int all = 0;
};

void compare(const std::string& model,
             const judged_history& one,
             const json& expected,
             agreement& counted) {
    // Some were asked for anomalies one by one, which we do not offer.
    if (!expected["options"].contains("consistency-models") ||
        expected["options"].contains("anomalies")) {
        return;
    }
    SCOPED_TRACE(one.name + " " + expected["options"].dump());
    const auto got = judge(model, one, expected["options"]);
    if (!got) {
        EXPECT_TRUE(expected.contains("error")) << got.error();
        return;
    }
    check_cycles(*got);
    names ours = names_of(got->violations);
    // Elle throws on it, or does not see it.
    const bool phantom = ours.erase("phantom") > 0;
    const names theirs = anomalies_of(expected);
    if (differs_as_documented(one.name)) {
        EXPECT_EQ(got->says, verdict::valid);
    } else {
        EXPECT_EQ(name_of(got->says), name_of(phantom ? verdict::violation : verdict_of(expected)));
    }
    EXPECT_EQ(text_of(without_cycles(ours)), text_of(without_cycles(theirs)));
    if (!order_is_left_to_chance(theirs)) compare_cycles(ours, theirs);
    ++counted.all;
    if (ours == theirs) ++counted.same;
}

void compare_all(const std::string& model) {
    const auto histories = corpus(model);
    if (histories.empty()) GTEST_SKIP() << "no corpus at " SHARED_CORPUS;
    agreement counted;
    for (const judged_history& one : histories) {
        for (const json& expected : one.verdicts) compare(model, one, expected, counted);
    }
    testing::Test::RecordProperty("verdicts", counted.all);
    testing::Test::RecordProperty("same_names", counted.same);
    std::cout << counted.same << " of " << counted.all << " with the same names\n";
}

TEST(list_append_corpus, is_judged_as_elle_judged_it) {
    compare_all("list-append");
}

TEST(rw_register_corpus, is_judged_as_elle_judged_it) {
    compare_all("rw-register");
}

}  // namespace
}  // namespace verdikt::checker
