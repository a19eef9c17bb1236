#include "checker/transactions/consistency_model.h"

#include <algorithm>
#include <array>
#include <optional>
#include <ranges>
#include <span>

namespace verdikt::checker::transactions {

namespace {

using names = std::vector<std::string_view>;

struct model {
    std::string_view name;
    /// Weaker models that it includes.
    names weaker;
    /// What it forbids beyond those.
    names forbidden;
};

/// From the weakest to the strictest, so that each includes only what stands before it.
const std::vector<model>& models() {
    static const std::vector<model> all{
        // No G1b: of two records of one transaction in a partition a reader may see the first
        // alone, where another transaction began between them and holds the last stable offset.
        {"kafka-log",
         {},
         {"G1a",
          "future-read",
          "duplicate-elements",
          "cyclic-versions",
          "lost-write",
          "torn-transaction"}},
        {"read-uncommitted", {}, {"G0", "duplicate-elements", "cyclic-versions"}},
        {"strong-session-read-uncommitted", {"read-uncommitted"}, {"G0-process"}},
        {"strong-read-uncommitted", {"strong-session-read-uncommitted"}, {"G0-realtime"}},
        {"read-committed", {"read-uncommitted"}, {"G1a", "G1b", "G1c"}},
        {"strong-session-read-committed",
         {"read-committed", "strong-session-read-uncommitted"},
         {"G1c-process"}},
        {"strong-read-committed",
         {"strong-session-read-committed", "strong-read-uncommitted"},
         {"G1c-realtime"}},
        {"monotonic-view", {"read-committed"}, {}},
        {"monotonic-snapshot-read", {"read-committed"}, {}},
        {"monotonic-atomic-view", {"read-committed"}, {}},
        {"cursor-stability", {"read-committed"}, {"lost-update"}},
        {"read-atomic", {"monotonic-atomic-view"}, {"internal"}},
        {"causal-cerone", {"read-atomic"}, {}},
        {"update-atomic", {"read-atomic"}, {"lost-update"}},
        {"prefix", {"causal-cerone"}, {}},
        {"parallel-snapshot-isolation", {"causal-cerone", "update-atomic"}, {}},
        {"consistent-view", {"cursor-stability", "monotonic-view"}, {"G-single-item"}},
        {"forward-consistent-view", {"consistent-view"}, {}},
        {"update-serializable", {"forward-consistent-view"}, {}},
        {"repeatable-read", {"cursor-stability", "monotonic-atomic-view"}, {"G2-item"}},
        {"snapshot-isolation",
         {"forward-consistent-view",
          "monotonic-snapshot-read",
          "parallel-snapshot-isolation",
          "prefix"},
         {"G-nonadjacent-item"}},
        {"strong-session-snapshot-isolation",
         {"snapshot-isolation", "strong-session-read-committed"},
         {"G-nonadjacent-item-process"}},
        {"strong-snapshot-isolation",
         {"strong-session-snapshot-isolation", "strong-read-committed"},
         {"G-nonadjacent-item-realtime"}},
        {"serializable", {"repeatable-read", "snapshot-isolation", "update-serializable"}, {}},
        {"strong-session-serializable",
         {"serializable", "strong-session-snapshot-isolation"},
         {"G2-item-process"}},
        {strictest_model,
         {"strong-session-serializable", "strong-snapshot-isolation"},
         {"G2-item-realtime"}},
    };
    return all;
}

struct alias {
    std::string_view name;
    std::string_view means;
};
constexpr std::array aliases{alias{"conflict-serializable", "serializable"},
                             alias{"strong-serializable", strictest_model}};

struct kind_of {
    std::string_view anomaly;
    /// It is a case of each of these.
    names of;
};

/// Each stands before those that it is a case of.
const std::vector<kind_of>& kinds() {
    static const std::vector<kind_of> all{
        {"incompatible-order", {"G1a"}},
        {"dirty-update", {"G1a"}},
        {"future-read", {"G1c"}},
        {"lost-update", {"G2-item"}},
        {"lost-write", {"G-single-item-realtime"}},
        {"G0", {"G0-process", "G1c"}},
        {"G0-process", {"G0-realtime", "G1c-process"}},
        {"G0-realtime", {"G1c-realtime"}},
        {"G1c", {"G1c-process"}},
        {"G1c-process", {"G1c-realtime"}},
        {"G-single-item", {"G-single-item-process", "G-nonadjacent-item"}},
        {"G-single-item-process", {"G-single-item-realtime", "G-nonadjacent-item-process"}},
        {"G-single-item-realtime", {"G-nonadjacent-item-realtime"}},
        {"G-nonadjacent-item", {"G-nonadjacent-item-process", "G2-item"}},
        {"G-nonadjacent-item-process", {"G-nonadjacent-item-realtime", "G2-item-process"}},
        {"G-nonadjacent-item-realtime", {"G2-item-realtime"}},
        {"G2-item", {"G2-item-process"}},
        {"G2-item-process", {"G2-item-realtime"}},
    };
    return all;
}

const model* find_model(std::string_view name) {
    const auto other = std::ranges::find(aliases, name, &alias::name);
    if (other != aliases.end()) name = other->means;
    const auto found = std::ranges::find(models(), name, &model::name);
    return found == models().end() ? nullptr : &*found;
}

void add_forbidden(const model& what, std::set<std::string_view>& into) {
    into.insert(what.forbidden.begin(), what.forbidden.end());
    for (const std::string_view weaker : what.weaker) add_forbidden(*find_model(weaker), into);
}

void add_cases(std::set<std::string_view>& into) {
    for (const auto& one : kinds() | std::views::reverse) {
        const bool forbidden = std::ranges::any_of(
            one.of, [&into](std::string_view general) { return into.contains(general); });
        if (forbidden) into.insert(one.anomaly);
    }
}

/// The order of real time contains that of each process.
graph::reasons order_of(const std::set<std::string_view>& forbidden) {
    const auto some = [&forbidden](std::string_view ending) {
        return std::ranges::any_of(
            forbidden, [ending](std::string_view name) { return name.ends_with(ending); });
    };
    if (some("-realtime")) return graph::realtime;
    return some("-process") ? graph::process : graph::reasons{0};
}

}  // namespace

std::expected<consistency_model, std::string> consistency_model::named(std::string_view names) {
    consistency_model all;
    all.name_ = names;
    bool only_log = true;
    while (true) {
        const auto comma = names.find(',');
        const std::string_view one = names.substr(0, comma);
        const model* const found = find_model(one);
        if (found == nullptr) return std::unexpected(std::string(one));
        add_forbidden(*found, all.forbidden_);
        only_log = only_log && one == "kafka-log";
        if (comma == std::string_view::npos) break;
        names.remove_prefix(comma + 1);
    }
    add_cases(all.forbidden_);
    // What nobody can have seen is no matter of models.
    all.forbidden_.insert("phantom");
    all.order_ = only_log ? graph::realtime : order_of(all.forbidden_);
    return all;
}

bool consistency_model::forbids(std::string_view anomaly) const {
    return forbidden_.contains(anomaly);
}

bool consistency_model::forbids_cycles() const {
    return std::ranges::any_of(forbidden_, [](std::string_view name) {
        return name.starts_with("G0") || name.starts_with("G1c") || name.starts_with("G-") ||
               name.starts_with("G2");
    });
}

consistency_model consistency_model::allowing(
    std::initializer_list<std::string_view> anomalies) const {
    consistency_model made = *this;
    for (const std::string_view one : anomalies) made.forbidden_.erase(one);
    return made;
}

std::vector<std::string_view> all_models() {
    std::vector<std::string_view> names;
    for (const model& one : models()) names.push_back(one.name);
    return names;
}

}  // namespace verdikt::checker::transactions
