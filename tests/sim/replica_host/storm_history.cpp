#include "tests/sim/replica_host/storm_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace verdikt::tests {

void storm_history::violation(std::string what) {
    violations_.push_back(std::move(what));
}

void storm_history::leads(const kafka::uuid& topic,
                          kafka::partition_index partition,
                          kafka::leader_epoch epoch,
                          kafka::node_id node,
                          kafka::broker_epoch incarnation) {
    const std::pair leader(node, incarnation);
    const auto [known, is_new] = leaders_.emplace(leadership(topic, partition, epoch), leader);
    if (!is_new && known->second != leader) {
        violation(fmt::format("epoch {} of partition {} is led by {} (epoch {}) and {} (epoch {})",
                              epoch,
                              partition,
                              known->second.first,
                              known->second.second,
                              node,
                              incarnation));
    }
}

void storm_history::acknowledged(const kafka::topic_partition& which,
                                 kafka::offset base,
                                 const std::vector<std::string>& batch) {
    for (const std::string& value : batch) {
        seen(which, base, value);
        base = base.next();
        ++acknowledged_count_;
    }
}

void storm_history::seen(const kafka::topic_partition& which,
                         kafka::offset at,
                         const std::string& value) {
    const auto [known, is_new] = committed_[which].emplace(at, value);
    if (!is_new && known->second != value) {
        violation(
            fmt::format("{}: at {} there was {}, and then {}", which, at, known->second, value));
    }
}

void storm_history::deleted(const kafka::topic_partition& which, kafka::offset below) {
    kafka::offset& lowest = deleted_below_[which];
    lowest = std::max(lowest, below);
    ++deletion_count_;
}

void storm_history::final_log(const kafka::topic_partition& which,
                              kafka::offset start,
                              const values& log) {
    if (start < deleted_below_[which]) {
        violation(fmt::format(
            "{}: all below {} was deleted, and {} is back", which, deleted_below_[which], start));
    }
    for (const auto& [at, value] : committed_[which]) {
        if (at < start) continue;
        const auto found = log.find(at);
        if (found == log.end() || found->second != value) {
            violation(fmt::format("{}: {} at {} is lost", which, value, at));
            return;
        }
    }
    std::set<std::string> once;
    for (const auto& [at, value] : log) {
        if (!once.insert(value).second) {
            violation(fmt::format("{}: {} is there twice", which, value));
        }
    }
}

}  // namespace verdikt::tests
