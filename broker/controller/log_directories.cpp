#include "broker/controller/log_directories.h"

#include "broker/controller/partition_change.h"
#include "kafka/error_codes.h"

#include <algorithm>
#include <iterator>

namespace verdikt::broker::controller {

namespace messages = kafka::messages;
using kafka::error_code;
using kafka::node_id;
using metadata::partition;
using metadata::topic_partition_id;

namespace {

error_code assign(draft& into,
                  node_id broker,
                  const topic_partition_id& which,
                  const kafka::uuid& directory) {
    const metadata::topic* topic = into.image().find_topic(which.topic);
    if (topic == nullptr) return error_code::unknown_topic_id;
    const partition* present = into.image().find_partition(which);
    if (present == nullptr) return error_code::unknown_topic_or_partition;
    const auto replica = std::ranges::find(present->replicas, broker);
    if (replica == present->replicas.end()) return error_code::not_leader_or_follower;
    const auto& registration = *into.image().find_broker(broker);
    partition_change change = change_of(into, *topic, *present);
    const auto index = static_cast<std::size_t>(std::distance(present->replicas.begin(), replica));
    const bool starts_over = !registration.has_online(present->directories[index]);
    if (starts_over) change.wiped = {broker};
    if (starts_over || !registration.has_online(directory)) change.lost = {broker};
    change.directories[index] = directory;
    append_change(into, which, change);
    return error_code::none;
}

}  // namespace

messages::assign_replicas_to_dirs_response assign_replicas_to_dirs(
    draft& into, const messages::assign_replicas_to_dirs_request& request) {
    messages::assign_replicas_to_dirs_response response;
    const node_id broker(request.broker_id);
    const auto* registration = into.image().find_broker(broker);
    if (registration == nullptr || registration->epoch.value() != request.broker_epoch) {
        response.error_code = kafka::to_wire(error_code::stale_broker_epoch);
        return response;
    }
    for (const auto& directory : request.directories) {
        auto& answered_directory = response.directories.emplace_back();
        answered_directory.id = directory.id;
        for (const auto& topic : directory.topics) {
            auto& answered_topic = answered_directory.topics.emplace_back();
            answered_topic.topic_id = topic.topic_id;
            for (const auto& asked : topic.partitions) {
                const topic_partition_id which{topic.topic_id,
                                               kafka::partition_index(asked.partition_index)};
                const error_code result = assign(into, broker, which, directory.id);
                answered_topic.partitions.push_back({.partition_index = asked.partition_index,
                                                     .error_code = kafka::to_wire(result)});
            }
        }
    }
    return response;
}

}  // namespace verdikt::broker::controller
