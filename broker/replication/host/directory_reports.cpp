#include "broker/replication/host/directory_reports.h"

#include "runtime/check.h"

#include <map>

namespace verdikt::broker::replication::host {

using request = kafka::messages::assign_replicas_to_dirs_request;

request report_of(kafka::node_id broker,
                  kafka::broker_epoch epoch,
                  std::vector<replica_location> locations) {
    CHECK(locations.size() <= locations_per_request_max);
    std::map<kafka::uuid, std::map<kafka::uuid, std::vector<request::partition_data>>> grouped;
    for (const replica_location& each : locations) {
        grouped[each.directory][each.which.topic].push_back(
            {.partition_index = each.which.partition.value()});
    }
    request made{.broker_id = broker.value(), .broker_epoch = epoch.value()};
    for (auto& [directory, topics] : grouped) {
        auto& told = made.directories.emplace_back();
        told.id = directory;
        for (auto& [topic, partitions] : topics) {
            told.topics.push_back({.topic_id = topic, .partitions = std::move(partitions)});
        }
    }
    return made;
}

}  // namespace verdikt::broker::replication::host
