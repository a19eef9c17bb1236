#include "checker/report/availability_json.h"

#include "checker/availability/recoveries.h"

#include <utility>

namespace verdikt::checker::report {

namespace {

using availability::delay;
using availability::service;
using nlohmann::ordered_json;

/// Null where nobody asked.
ordered_json told(const std::optional<delay>& one) {
    if (!one) return nullptr;
    return {{one->never ? "not-within-ns" : "ns", one->length}};
}

ordered_json told(const availability::delays& all) {
    if (all.sorted.empty()) return nullptr;
    return {{"p50", told(all.quantile(0.5))},
            {"p90", told(all.quantile(0.9))},
            {"worst", told(all.quantile(1))}};
}

ordered_json told(const service& one) {
    ordered_json all{{"begun", one.begun},
                     {"asked-for-ns", one.asked_for},
                     {"available", one.share_available()},
                     {"outages", one.outages},
                     {"longest-outage", nullptr}};
    if (one.longest) {
        all["longest-outage"] = {
            {"from", one.longest->from}, {"to", one.longest->to}, {"ended", one.longest->ended}};
    }
    return all;
}

ordered_json told(const std::vector<service>& all) {
    ordered_json object = ordered_json::object();
    for (const service& one : all) object[one.name] = told(one);
    return object;
}

}  // namespace

ordered_json availability_as_json(const availability::measured& what) {
    ordered_json kinds = ordered_json::object();
    for (const auto& one : availability::recoveries_by_kind(what)) {
        kinds[one.kind] = {{"faults", one.count},
                           {"next-write", told(one.next_write)},
                           {"everywhere", told(one.everywhere)},
                           {"everywhere-healed", told(one.everywhere_healed)}};
    }
    ordered_json faults = ordered_json::array();
    const auto each = availability::recovery_of_each(what);
    for (std::size_t at = 0; at < each.size(); ++at) {
        const availability::disturbance& of = what.disturbances[at];
        faults.push_back({{"kind", of.kind},
                          {"from", of.from},
                          {"healed", of.healed},
                          {"next-write", told(each[at].next_write)},
                          {"everywhere", told(each[at].everywhere)},
                          {"everywhere-healed", told(each[at].everywhere_healed)}});
    }
    return {{"writes", told(what.writes)},
            {"operations", told(what.kinds)},
            {"partitions", told(what.partitions)},
            {"recovery", std::move(kinds)},
            {"faults", std::move(faults)}};
}

}  // namespace verdikt::checker::report
