/// Histories that jepsen.tests.kafka judged: ours must say the same, but for what docs/checker.md
/// lists.
#include "tests/unit/checker_log/judging.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

namespace verdikt::checker::log {
namespace {

using json = nlohmann::json;
using names = std::set<std::string>;

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// One history with all that Jepsen's checker said of it.
struct judged_history {
    std::string name;
    std::string text;
    json verdicts;
};

/// Empty where the corpus is not there.
std::vector<judged_history> corpus() {
    std::vector<judged_history> all;
    if (!std::filesystem::exists(SHARED_CORPUS "/kafka")) return all;
    for (const auto& entry : std::filesystem::directory_iterator(SHARED_CORPUS "/kafka")) {
        if (entry.path().extension() != ".edn") continue;
        auto other = entry.path();
        const json expected = json::parse(text_of(other.replace_extension(".expected.json")));
        all.push_back({entry.path().stem(), text_of(entry.path()), expected["verdicts"]});
    }
    std::ifstream random(SHARED_CORPUS "/fuzz/kafka.jsonl");
    std::string line;
    while (std::getline(random, line)) {
        const json one = json::parse(line);
        all.push_back({"fuzz " + one["id"].dump(), one["history"].dump(), one["verdicts"]});
    }
    return all;
}

settings as_jepsen(const json& options) {
    settings asked;
    asked.finally = final_reads::made;
    asked.order = positions::by_value;
    const bool subscribe = options["sub-via"].front() == "subscribe";
    asked.sub_via = subscribe ? subscription::subscribe : subscription::assign;
    return asked;
}

/// Ours alone; and what says only that a cycle exists, or that a graph is empty.
bool is_compared(const std::string& name) {
    static const names ours{"phantom",
                            "dirty-read",
                            "offset-reused",
                            "torn-transaction",
                            "stale-end-offset",
                            "order-of-epochs",
                            "order-of-timestamps"};
    return !ours.contains(name) && name.find("cycle-exists") == std::string::npos &&
           name != "empty-transaction-graph";
}

bool depends_on_order(const std::string& name) {
    return name.find("poll") != std::string::npos || name.find("send") != std::string::npos ||
           name.starts_with("G0") || name.starts_with("G1c");
}

names compared(const names& all, const std::function<bool(const std::string&)>& wanted) {
    names kept;
    std::ranges::copy_if(all, std::inserter(kept, kept.end()), wanted);
    return kept;
}

/// Jepsen counts messages as unseen that were polled, but whose send was not acknowledged.
bool is_unseen_but_polled(const std::string& name) {
    return name == "up-g1a" || name == "up-lost-write-atomic" || name == "up-lost-write-atomic-2";
}

void compare(const judged_history& one, const json& expected) {
    const auto got = judge(one.text, as_jepsen(expected["options"]));
    ASSERT_TRUE(got) << got.error();
    if (expected.contains("error")) {
        EXPECT_TRUE(names_of(got->violations).contains("phantom"));
        return;
    }
    const names types = expected.value("error-types", names());
    names bad = expected.value("bad-error-types", names());
    if (is_unseen_but_polled(one.name)) bad.erase("unseen");
    // Which of two messages at one offset has the position, Jepsen leaves to chance.
    const bool ambiguous = types.contains("inconsistent-offsets");
    const bool with_writes = expected["options"]["ww-deps"];
    const auto wanted = [&](const std::string& name) {
        return is_compared(name) && !(ambiguous && depends_on_order(name)) &&
               !(with_writes && name.starts_with("G1c"));
    };
    EXPECT_EQ(compared(names_of(got->violations), wanted), compared(bad, wanted));
    const names seen = all_names(*got);
    for (const std::string& name : compared(types, wanted)) {
        EXPECT_TRUE(seen.contains(name) || (name == "unseen" && is_unseen_but_polled(one.name)))
            << name;
    }
}

TEST(corpus, is_judged_as_jepsen_judged_it) {
    const auto histories = corpus();
    if (histories.empty()) GTEST_SKIP() << "no corpus at " SHARED_CORPUS;
    for (const judged_history& one : histories) {
        for (const json& expected : one.verdicts) {
            SCOPED_TRACE(one.name + " " + expected["options"].dump());
            compare(one, expected);
        }
    }
}

TEST(corpus, differs_by_our_own_terms_only_where_documented) {
    const auto histories = corpus();
    if (histories.empty()) GTEST_SKIP() << "no corpus at " SHARED_CORPUS;
    // Nothing shows that partitions were read to their end, or the history is too small.
    const names undecided{"unseen-no-polls-at-all",
                          "up-empty-history",
                          "up-g0",
                          "up-g1c-ww-wr",
                          "up-inconsistent-offsets-info-conflicts",
                          "up-lost-write-atomic-2",
                          "up-nonmonotonic-send-with-intermediate-subscribe",
                          "up-nonmonotonic-send-with-intermediate-subscribe-4"};
    for (const judged_history& one : histories) {
        if (one.name.starts_with("fuzz")) continue;
        SCOPED_TRACE(one.name);
        const auto got = judge(one.text);
        ASSERT_TRUE(got) << got.error();
        const json& valid = one.verdicts[0]["valid?"];
        verdict expected = valid == false ? verdict::violation : verdict::valid;
        // A subscriber may be moved by a rebalance.
        if (one.name == "up-nonmonotonic-poll-with-intermediate-subscribe") {
            expected = verdict::valid;
        }
        if (undecided.contains(one.name)) expected = verdict::inconclusive;
        if (valid == "unknown") expected = verdict::violation;
        EXPECT_EQ(name_of(got->says), name_of(expected));
    }
}

}  // namespace
}  // namespace verdikt::checker::log
