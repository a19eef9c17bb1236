#include "cluster_census.h"

#include "wire_versions.h"

#include "kafka/messages/list_offsets.h"

#include <stdexcept>

namespace verdikt::bench {

namespace messages = kafka::messages;

namespace {

constexpr std::int16_t list_offsets_version = 5;
constexpr std::int64_t latest = -1;

/// Asks a leader for the ends of its partitions.
std::size_t served_by(const three_brokers& cluster,
                      std::size_t leader,
                      const messages::metadata_response& told) {
    messages::list_offsets_request request;
    request.replica_id = -1;
    for (const auto& topic : told.topics) {
        auto& asked = request.topics.emplace_back();
        asked.name = *topic.name;
        for (const auto& each : topic.partitions) {
            if (each.leader_id != static_cast<std::int32_t>(leader) + 1) continue;
            asked.partitions.push_back({.partition_index = each.partition_index,
                                        .current_leader_epoch = each.leader_epoch,
                                        .timestamp = latest});
        }
    }
    const auto answer =
        cluster.caller(leader).call<messages::list_offsets_response>(request, list_offsets_version);
    std::size_t served = 0;
    for (const auto& topic : answer.topics) {
        for (const auto& each : topic.partitions) served += each.error_code == 0 ? 1 : 0;
    }
    return served;
}

}  // namespace

messages::metadata_response metadata_of(const three_brokers& cluster, std::size_t by) {
    messages::metadata_request everything;
    everything.topics.reset();
    return cluster.caller(by).call<messages::metadata_response>(everything, metadata_version);
}

census count_partitions(const messages::metadata_response& told, std::size_t about) {
    census counted;
    for (const auto& topic : told.topics) {
        for (const auto& each : topic.partitions) {
            ++counted.partitions;
            if (each.leader_id < 0) ++counted.without_leader;
            if (each.leader_id == static_cast<std::int32_t>(about) + 1) ++counted.led_by_asked;
            if (each.isr_nodes.size() == three_brokers::size) ++counted.in_sync;
        }
    }
    return counted;
}

std::size_t served_partitions(const three_brokers& cluster,
                              const messages::metadata_response& told) {
    std::size_t served = 0;
    for (std::size_t node = 0; node < three_brokers::size; ++node) {
        if (cluster.is_running(node)) served += served_by(cluster, node, told);
    }
    return served;
}

std::size_t active_controller(const three_brokers& cluster, std::size_t by) {
    const auto told = metadata_of(cluster, by);
    if (told.controller_id < 1) throw std::runtime_error("no controller is active");
    return static_cast<std::size_t>(told.controller_id) - 1;
}

}  // namespace verdikt::bench
