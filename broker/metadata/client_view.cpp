#include "broker/metadata/client_view.h"

#include "broker/metadata/topic_names.h"
#include "kafka/error_codes.h"

#include <algorithm>
#include <set>
#include <utility>

namespace verdikt::broker::metadata {

namespace messages = kafka::messages;
using kafka::error_code;

namespace {

const endpoint* find_endpoint(const broker_registration& of, std::string_view listener) {
    const auto found = std::ranges::find(of.endpoints, listener, &endpoint::name);
    return found == of.endpoints.end() ? nullptr : &*found;
}

error_code leader_error(const image& from, const partition& which, std::string_view listener) {
    const broker_registration* leader = from.find_broker(which.leader);
    if (leader == nullptr || leader->fenced) return error_code::leader_not_available;
    if (find_endpoint(*leader, listener) == nullptr) return error_code::listener_not_found;
    return error_code::none;
}

std::vector<std::int32_t> offline_replicas(const image& from, const partition& which) {
    std::vector<std::int32_t> result;
    for (const kafka::node_id replica : which.replicas) {
        const broker_registration* broker = from.find_broker(replica);
        const bool serves =
            broker != nullptr && !broker->fenced && broker->has_online(which.directory_of(replica));
        if (!serves) result.push_back(replica.value());
    }
    return result;
}

using described_topic =
    messages::describe_topic_partitions_response::describe_topic_partitions_response_topic;
using described_partition =
    messages::describe_topic_partitions_response::describe_topic_partitions_response_partition;

described_partition describe(const image& from, const partition& which, std::int32_t index) {
    described_partition answer;
    answer.error_code = kafka::to_wire(
        which.leader == kafka::no_node ? error_code::leader_not_available : error_code::none);
    answer.partition_index = index;
    answer.leader_id = which.leader.value();
    answer.leader_epoch = which.leader_epoch.value();
    answer.replica_nodes = to_wire(which.replicas);
    answer.isr_nodes = to_wire(which.isr);
    answer.eligible_leader_replicas = to_wire(which.eligible);
    answer.last_known_elr = to_wire(which.last_known_eligible);
    answer.offline_replicas = offline_replicas(from, which);
    return answer;
}

described_topic refused(const std::string& name, error_code why) {
    described_topic answer;
    answer.name = name;
    answer.error_code = kafka::to_wire(why);
    return answer;
}

/// One page being filled.
class page {
  public:
    page(const image& from, std::int32_t room) : from_(from), room_(room) {}

    /// False once the page is full.
    bool add(const std::string& name, std::int32_t first) {
        const topic* which = from_.find_topic(name);
        if (which == nullptr) {
            response_.topics.push_back(refused(name, error_code::unknown_topic_or_partition));
            return true;
        }
        const auto count = static_cast<std::int32_t>(which->partitions.size());
        if (room_ == 0) return end_before(name, first);
        described_topic answer;
        answer.name = name;
        answer.topic_id = which->id;
        answer.is_internal = is_internal_topic(name);
        const std::int32_t last = std::min(count, first + std::min(room_, count));
        for (std::int32_t index = first; index < last; ++index)
            answer.partitions.push_back(
                describe(from_, which->partitions[static_cast<std::size_t>(index)], index));
        room_ -= static_cast<std::int32_t>(answer.partitions.size());
        response_.topics.push_back(std::move(answer));
        return last >= count || end_before(name, last);
    }
    void refuse(const std::string& name) {
        response_.topics.push_back(refused(name, error_code::invalid_request));
    }
    messages::describe_topic_partitions_response response() && { return std::move(response_); }

  private:
    bool end_before(const std::string& name, std::int32_t index) {
        response_.next_cursor = {.topic_name = name, .partition_index = index};
        return false;
    }

    const image& from_;
    std::int32_t room_;
    messages::describe_topic_partitions_response response_;
};

std::set<std::string> wanted_names(const image& from,
                                   const messages::describe_topic_partitions_request& request) {
    std::set<std::string> names;
    for (const auto& topic : request.topics) names.insert(topic.name);
    if (!request.topics.empty()) return names;
    for (const auto& [id, topic] : from.topics()) names.insert(topic.name);
    return names;
}

}  // namespace

std::vector<told_broker> brokers_for(const image& from, std::string_view listener) {
    std::vector<told_broker> result;
    for (const auto& [id, broker] : from.brokers()) {
        const endpoint* point = find_endpoint(broker, listener);
        if (broker.fenced || point == nullptr) continue;
        result.push_back(
            {.node_id = id.value(), .host = point->host, .port = point->port, .rack = broker.rack});
    }
    return result;
}

told_topic topic_for(const image& from, const topic& which, std::string_view listener) {
    told_topic answer;
    answer.name = which.name;
    answer.topic_id = which.id;
    answer.is_internal = is_internal_topic(which.name);
    std::int32_t index = 0;
    for (const partition& each : which.partitions) {
        auto& told = answer.partitions.emplace_back();
        const error_code wrong = leader_error(from, each, listener);
        told.error_code = kafka::to_wire(wrong);
        told.partition_index = index++;
        told.leader_id = wrong == error_code::none ? each.leader.value() : kafka::no_node.value();
        told.leader_epoch = each.leader_epoch.value();
        told.replica_nodes = to_wire(each.replicas);
        told.isr_nodes = to_wire(each.isr);
        told.offline_replicas = offline_replicas(from, each);
    }
    return answer;
}

messages::describe_topic_partitions_response describe_topic_partitions(
    const image& from, const messages::describe_topic_partitions_request& request) {
    page result(from, std::clamp(request.response_partition_limit, 1, described_partitions_max));
    std::set<std::string> names = wanted_names(from, request);
    std::int32_t first = 0;
    if (request.cursor) {
        names.erase(names.begin(), names.lower_bound(request.cursor->topic_name));
        const bool starts_there = names.contains(request.cursor->topic_name);
        if (starts_there) first = request.cursor->partition_index;
    }
    for (const std::string& name : names) {
        const std::int32_t start = std::exchange(first, 0);
        if (start < 0) {
            result.refuse(name);
        } else if (!result.add(name, start)) {
            break;
        }
    }
    return std::move(result).response();
}

messages::describe_cluster_response describe_cluster(
    const image& from,
    std::string_view listener,
    const cluster_identity& cluster,
    const messages::describe_cluster_request& request) {
    constexpr std::int8_t brokers_endpoint = 1;
    messages::describe_cluster_response answer;
    answer.cluster_id = cluster.cluster_id;
    answer.endpoint_type = request.endpoint_type;
    if (request.endpoint_type != brokers_endpoint) {
        answer.error_code = kafka::to_wire(error_code::unsupported_endpoint_type);
        answer.error_message = "this listener is for clients of brokers";
        return answer;
    }
    answer.controller_id = cluster.controller.value();
    for (told_broker& each : brokers_for(from, listener)) {
        answer.brokers.push_back({.broker_id = each.node_id,
                                  .host = std::move(each.host),
                                  .port = each.port,
                                  .rack = std::move(each.rack)});
    }
    return answer;
}

}  // namespace verdikt::broker::metadata
