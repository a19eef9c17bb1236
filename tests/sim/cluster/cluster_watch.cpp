#include "tests/sim/cluster/cluster_watch.h"

#include "broker/metadata/topic_names.h"

#include <algorithm>
#include <iterator>

namespace verdikt::tests {

using broker::metadata::partition;

void cluster_watch::look() {
    court_.look();
    look_at_metadata();
    look_at_replicas();
    look_at_machines();
    look_at_quorum();
    look_at_transactions();
}

void cluster_watch::look_closely() {
    court_.look_closely();
}

void cluster_watch::count_beginning(mark which, bool lasts) {
    bool& lasted = lasting_.at(static_cast<std::size_t>(which));
    if (lasts && !lasted) marks_.count(which);
    lasted = lasts;
}

int cluster_watch::leader_of(const std::string& topic, std::size_t index) const {
    const auto* const known = newest_.find_topic(topic);
    if (known == nullptr || index >= known->partitions.size()) return 0;
    return std::max(known->partitions[index].leader.value(), 0);
}

bool cluster_watch::leads_anything(kafka::node_id node) const {
    return std::ranges::any_of(newest_.topics(), [node](const auto& each) {
        return std::ranges::find(each.second.partitions, node, &partition::leader) !=
               each.second.partitions.end();
    });
}

int cluster_watch::controller() const {
    kafka::leader_epoch newest = kafka::no_leader_epoch;
    int found = 0;
    for (const cluster_machine& each : machines_) {
        const auto* const here = each.services();
        if (here == nullptr || !here->metadata.is_active()) continue;
        const kafka::leader_epoch epoch(here->quorum.replica().epoch().value());
        if (epoch < newest) continue;
        newest = epoch;
        found = each.id().value();
    }
    return found;
}

namespace {

/// Any of those that `wanted` finds, the same way on every run.
template <typename Wanted>
int any_of(const broker::metadata::image& in, runtime::random_source& random, Wanted wanted) {
    std::vector<int> found;
    for (const auto& [id, topic] : in.topics()) {
        for (const partition& each : topic.partitions) wanted(each, found);
    }
    return found.empty() ? 0 : found.at(random.below(found.size()));
}

int lagging_replica(const broker::metadata::image& in, runtime::random_source& random) {
    return any_of(in, random, [](const partition& each, std::vector<int>& found) {
        for (const kafka::node_id node : broker::metadata::without(each.replicas, each.isr))
            found.push_back(node.value());
    });
}

int last_in_sync(const broker::metadata::image& in, runtime::random_source& random) {
    return any_of(in, random, [](const partition& each, std::vector<int>& found) {
        if (each.isr.size() == 1 && each.replicas.size() > 1)
            found.push_back(each.isr.front().value());
    });
}

}  // namespace

int cluster_watch::find(role which, runtime::random_source& random) const {
    switch (which) {
        case role::anyone:
            return 0;
        case role::controller:
            return controller();
        case role::leader:
            return leader_of(topic_, random.below(3));
        case role::group_coordinator:
            return leader_of(std::string(broker::metadata::offsets_topic_name), random.below(2));
        case role::transaction_coordinator:
            return leader_of(std::string(broker::metadata::transactions_topic_name),
                             random.below(2));
        case role::lagging_replica:
            return lagging_replica(newest_, random);
        case role::last_in_sync:
            return last_in_sync(newest_, random);
    }
    return 0;
}

std::optional<runtime::instant> cluster_watch::known_to_all_since(const std::string& topic) const {
    const auto* const known = newest_.find_topic(topic);
    if (known == nullptr) return std::nullopt;
    const auto since = known_to_all_.find(known->id);
    if (since == known_to_all_.end()) return std::nullopt;
    return since->second;
}

}  // namespace verdikt::tests
