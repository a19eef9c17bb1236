#include "broker/metadata/cluster.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>
#include <set>

namespace verdikt::broker::metadata {

namespace {

bool has_repetition(const nodes& some) {
    return std::set<kafka::node_id>(some.begin(), some.end()).size() != some.size();
}

bool is_within(const nodes& some, const nodes& all) {
    return std::ranges::all_of(some, [&](kafka::node_id which) { return contains(all, which); });
}

}  // namespace

kafka::uuid partition::directory_of(kafka::node_id broker) const {
    const auto found = std::ranges::find(replicas, broker);
    if (found == replicas.end()) return unassigned_directory;
    return directories.at(static_cast<std::size_t>(std::distance(replicas.begin(), found)));
}

std::optional<std::string> partition::fault() const {
    if (replicas.empty()) return "it has no replicas";
    if (directories.size() != replicas.size()) return "not every replica has a directory";
    for (const nodes* some : {&replicas, &isr, &eligible, &adding, &removing}) {
        if (has_repetition(*some))
            return fmt::format("a broker stands twice in {}", to_wire(*some));
        if (!is_within(*some, replicas)) return fmt::format("{} are no replicas", to_wire(*some));
    }
    if (leader != kafka::no_node && !contains(isr, leader)) {
        return fmt::format("leader {} is not among the in-sync {}", leader, to_wire(isr));
    }
    if (without(eligible, isr).size() != eligible.size()) {
        return fmt::format("{} are in sync and eligible", to_wire(eligible));
    }
    if (without(adding, removing).size() != adding.size()) return "a replica comes and goes";
    if (recovery == recovery_state::recovering && isr.size() > 1) {
        return fmt::format("it recovers with {} in sync", to_wire(isr));
    }
    return std::nullopt;
}

nodes without(const nodes& some, const nodes& others) {
    nodes result;
    std::ranges::copy_if(some, std::back_inserter(result), [&](kafka::node_id which) {
        return !contains(others, which);
    });
    return result;
}

nodes from_wire(const std::vector<std::int32_t>& ids) {
    nodes result;
    result.reserve(ids.size());
    for (const std::int32_t id : ids) result.emplace_back(id);
    return result;
}

std::vector<std::int32_t> to_wire(const nodes& some) {
    std::vector<std::int32_t> result;
    result.reserve(some.size());
    for (const kafka::node_id which : some) result.push_back(which.value());
    return result;
}

std::size_t effective_min_isr(std::int64_t min_insync_replicas, const partition& which) {
    const auto asked = static_cast<std::size_t>(std::max<std::int64_t>(min_insync_replicas, 1));
    return std::min(asked, which.replicas.size());
}

}  // namespace verdikt::broker::metadata
