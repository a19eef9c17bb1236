#include "broker/raft/wire/administration.h"

#include "broker/raft/wire/topic.h"

#include <chrono>
#include <string>
#include <utility>

namespace verdikt::broker::raft::wire {
namespace {

namespace messages = kafka::messages;

std::int64_t wall_ms(std::optional<instant> when, const two_clocks& clocks) {
    if (!when) return -1;
    const auto ago = std::chrono::duration_cast<std::chrono::milliseconds>(clocks.now - *when);
    return (clocks.wall - ago).time_since_epoch().count();
}

messages::describe_quorum_response::replica_state to_wire(
    const quorum_description::replica_state& state, const two_clocks& clocks) {
    return {.replica_id = state.replica.id.value(),
            .replica_directory_id = state.replica.directory,
            .log_end_offset = state.end.value_or(kafka::no_offset).value(),
            .last_fetch_timestamp = wall_ms(state.last_fetch, clocks),
            .last_caught_up_timestamp = wall_ms(state.last_caught_up, clocks)};
}

template <typename Listeners>
std::vector<endpoint> endpoints_from(const Listeners& listeners) {
    std::vector<endpoint> endpoints;
    for (const auto& each : listeners) endpoints.push_back({each.name, each.host, each.port});
    return endpoints;
}

}  // namespace

messages::describe_quorum_response to_wire(const std::optional<quorum_description>& told,
                                           const voter_set& voters,
                                           const two_clocks& clocks) {
    messages::describe_quorum_response::partition_data partition{.partition_index =
                                                                     topic_partition};
    if (told) {
        partition.leader_id = told->leader.value();
        partition.leader_epoch = told->epoch.value();
        partition.high_watermark = told->high_watermark.value();
        for (const auto& each : told->voters)
            partition.current_voters.push_back(to_wire(each, clocks));
        for (const auto& each : told->observers)
            partition.observers.push_back(to_wire(each, clocks));
    } else {
        partition.error_code = static_cast<std::int16_t>(kafka::error_code::not_leader_or_follower);
    }
    messages::describe_quorum_response response;
    response.topics.push_back({.topic_name = std::string(topic_name), .partitions = {}});
    response.topics.back().partitions.push_back(std::move(partition));
    for (const auto& [node, entry] : voters.all()) {
        messages::describe_quorum_response::node shown{.node_id = node.value(), .listeners = {}};
        for (const endpoint& each : entry.endpoints)
            shown.listeners.push_back({each.name, each.host, each.port});
        response.nodes.push_back(std::move(shown));
    }
    return response;
}

replica_key voter_in(const messages::add_raft_voter_request& what) {
    return {node_id(what.voter_id), what.voter_directory_id};
}

replica_key voter_in(const messages::remove_raft_voter_request& what) {
    return {node_id(what.voter_id), what.voter_directory_id};
}

replica_key voter_in(const messages::update_raft_voter_request& what) {
    return {node_id(what.voter_id), what.voter_directory_id};
}

std::vector<endpoint> endpoints_in(const messages::add_raft_voter_request& what) {
    return endpoints_from(what.listeners);
}

std::vector<endpoint> endpoints_in(const messages::update_raft_voter_request& what) {
    return endpoints_from(what.listeners);
}

}  // namespace verdikt::broker::raft::wire
