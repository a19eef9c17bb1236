#include "checker/verdict/findings.h"

#include "checker/verdict/catalogue.h"
#include "runtime/check.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <tuple>

namespace verdikt::checker {

std::string_view name_of(verdict what) {
    switch (what) {
        case verdict::valid:
            return "valid";
        case verdict::inconclusive:
            return "inconclusive";
        case verdict::infra:
            return "infra";
        case verdict::violation:
            return "violation";
        case verdict::crash:
            return "crash";
    }
    return "crash";
}

std::string_view name_of(certainty what) {
    return what == certainty::certain ? "certain" : "inferred";
}

finding& findings::slot(std::string_view name, bool promised) {
    auto& side = promised ? violations_ : allowed_;
    if (const auto found = side.find(name); found != side.end()) return found->second;
    const anomaly_kind* const kind = find_anomaly(name, model_);
    CHECK(kind != nullptr, "{} is not in the catalogue", name);
    finding& fresh = side[kind->name];
    fresh.name = kind->name;
    fresh.model = kind->model;
    fresh.promised_by = promised ? kind->promised_when : std::string_view();
    return fresh;
}

bool is_worse(const finding& one, const finding& other) {
    const auto rank = [](const finding& of) {
        const anomaly_kind* const kind = find_anomaly(of.name, of.model);
        const harm does = kind == nullptr ? harm::order : kind->does;
        std::int64_t first = std::numeric_limits<std::int64_t>::max();
        for (const anomaly& each : of.examples) {
            for (const std::int64_t operation : each.operations) first = std::min(first, operation);
        }
        return std::tuple(does, first, of.name);
    };
    return rank(one) < rank(other);
}

judgement findings::judge() {
    for (auto& [name, found] : violations_) result_.violations.push_back(std::move(found));
    for (auto& [name, found] : allowed_) result_.allowed.push_back(std::move(found));
    std::ranges::sort(result_.violations, is_worse);
    std::ranges::sort(result_.allowed, is_worse);
    if (!result_.doubts.empty()) result_.says = verdict::inconclusive;
    // A proven violation stands whatever else went wrong.
    if (!result_.violations.empty()) result_.says = verdict::violation;
    return std::exchange(*this, findings(model_)).result_;
}

}  // namespace verdikt::checker
