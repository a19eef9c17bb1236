/// What records changed, for those who follow the metadata log and act on it.
#pragma once

#include "broker/metadata/cluster.h"
#include "kafka/types.h"

#include <map>
#include <set>
#include <string>

namespace verdikt::broker::metadata {

/// Collected over any number of records, then acted on at once. It says where to look, not what to
/// find there: a partition that changed twice is named once, and one that changed back is named
/// too.
struct changes {
    std::set<kafka::node_id> brokers;  ///< Came, changed or went.
    std::set<kafka::uuid> topics_created;
    /// With the name that each had. A topic that came and went in between is not here.
    std::map<kafka::uuid, std::string> topics_removed;
    /// Of topics that are there: new partitions and those that changed.
    std::set<topic_partition_id> partitions;
    std::set<config_resource> configs;
    std::set<std::string> features;
    bool producer_ids = false;

    [[nodiscard]] bool empty() const { return *this == changes{}; }
    bool operator==(const changes&) const = default;
};

}  // namespace verdikt::broker::metadata
