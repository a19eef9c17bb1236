#include "checker/availability/recoveries.h"

#include "runtime/check.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace verdikt::checker::availability {

namespace {

std::optional<delay> slowest(const std::vector<service>& of, std::size_t moment) {
    std::optional<delay> worst;
    for (const service& one : of) {
        const auto& here = one.from_moments[moment];
        if (here && (!worst || *worst < *here)) worst = here;
    }
    return worst;
}

void add(delays& to, const std::optional<delay>& one) {
    if (one) to.sorted.insert(std::ranges::upper_bound(to.sorted, *one), *one);
}

}  // namespace

const delay& delays::quantile(double part) const {
    CHECK(!sorted.empty());
    CHECK(part > 0 && part <= 1, "{}", part);
    const double rank = std::ceil(part * static_cast<double>(sorted.size()));
    return sorted[static_cast<std::size_t>(rank) - 1];
}

std::vector<recovery> recovery_of_each(const measured& what) {
    const auto& places = what.partitions.empty() ? what.kinds : what.partitions;
    std::vector<recovery> all;
    all.reserve(what.disturbances.size());
    for (std::size_t at = 0; at < what.disturbances.size(); ++at) {
        all.push_back({.next_write = what.writes.from_moments[2 * at],
                       .everywhere = slowest(places, 2 * at),
                       .everywhere_healed = slowest(places, 2 * at + 1)});
    }
    return all;
}

std::vector<recoveries> recoveries_by_kind(const measured& what) {
    std::map<std::string, recoveries> kinds;
    const std::vector<recovery> each = recovery_of_each(what);
    for (std::size_t at = 0; at < each.size(); ++at) {
        const std::string& kind = what.disturbances[at].kind;
        recoveries& here = kinds[kind];
        here.kind = kind;
        ++here.count;
        add(here.next_write, each[at].next_write);
        add(here.everywhere, each[at].everywhere);
        add(here.everywhere_healed, each[at].everywhere_healed);
    }
    std::vector<recoveries> all;
    all.reserve(kinds.size());
    for (auto& [kind, one] : kinds) all.push_back(std::move(one));
    return all;
}

}  // namespace verdikt::checker::availability
