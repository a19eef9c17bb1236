#include "client/offset_commits.h"

namespace verdikt::client {

using kafka::messages::offset_commit_request;
using kafka::messages::offset_commit_response;
using kafka::messages::offset_fetch_request;
using kafka::messages::offset_fetch_response;
using kafka::messages::txn_offset_commit_request;
using kafka::messages::txn_offset_commit_response;

namespace {

/// `Topic`: of a request that commits offsets.
template <typename Topic>
std::vector<Topic> by_topic(const offset_map& offsets) {
    std::vector<Topic> topics;
    for (const auto& [where, offset] : offsets) {
        if (topics.empty() || topics.back().name != where.topic) {
            topics.push_back({.name = where.topic, .partitions = {}});
        }
        topics.back().partitions.push_back({.partition_index = where.partition.value(),
                                            .committed_offset = offset.offset.value(),
                                            .committed_leader_epoch = offset.epoch.value(),
                                            .committed_metadata = offset.metadata});
    }
    return topics;
}

/// The first error of any partition, or none.
template <typename Topics>
kafka::error_code first_code(const Topics& topics) {
    for (const auto& topic : topics) {
        for (const auto& each : topic.partitions) {
            if (each.error_code != 0) return kafka::to_error_code(each.error_code);
        }
    }
    return kafka::error_code::none;
}

}  // namespace

offset_commit_request make_offset_commit(const group_standing& in_whose_name,
                                         const offset_map& offsets) {
    offset_commit_request request;
    request.group_id = in_whose_name.group_id;
    request.generation_id_or_member_epoch = in_whose_name.generation;
    request.member_id = in_whose_name.member_id;
    request.group_instance_id = in_whose_name.instance_id;
    request.topics = by_topic<offset_commit_request::offset_commit_request_topic>(offsets);
    return request;
}

txn_offset_commit_request make_offset_commit(const std::string& transactional_id,
                                             const producer_identity& producer,
                                             const group_standing& in_whose_name,
                                             const offset_map& offsets) {
    return {
        .transactional_id = transactional_id,
        .group_id = in_whose_name.group_id,
        .producer_id = producer.id.value(),
        .producer_epoch = producer.epoch.value(),
        .generation_id = in_whose_name.generation,
        .member_id = in_whose_name.member_id,
        .group_instance_id = in_whose_name.instance_id,
        .topics = by_topic<txn_offset_commit_request::txn_offset_commit_request_topic>(offsets)};
}

offset_fetch_request make_offset_fetch(const std::string& group,
                                       const std::optional<std::set<topic_partition>>& partitions,
                                       bool stable) {
    offset_fetch_request request;
    request.group_id = group;
    request.require_stable = stable;
    if (!partitions) {
        request.topics = std::nullopt;
        return request;
    }
    for (const topic_partition& each : *partitions) {
        if (request.topics->empty() || request.topics->back().name != each.topic) {
            request.topics->push_back({.name = each.topic, .partition_indexes = {}});
        }
        request.topics->back().partition_indexes.push_back(each.partition.value());
    }
    return request;
}

kafka::error_code code_of(const offset_commit_response& answer) {
    return first_code(answer.topics);
}

kafka::error_code code_of(const txn_offset_commit_response& answer) {
    return first_code(answer.topics);
}

kafka::error_code code_of(const offset_fetch_response& answer) {
    if (answer.error_code != 0) return kafka::to_error_code(answer.error_code);
    for (const auto& topic : answer.topics) {
        for (const auto& each : topic.partitions) {
            const auto code = kafka::to_error_code(each.error_code);
            // A partition that is gone has no committed offset; that concerns no other.
            if (code == kafka::error_code::unknown_topic_or_partition) continue;
            if (code != kafka::error_code::none) return code;
        }
    }
    return kafka::error_code::none;
}

offset_map read_offsets(const offset_fetch_response& answer) {
    offset_map offsets;
    for (const auto& topic : answer.topics) {
        for (const auto& each : topic.partitions) {
            if (each.error_code != 0 || each.committed_offset < 0) continue;
            offsets[{.topic = topic.name,
                     .partition = kafka::partition_index(each.partition_index)}] = {
                .offset = kafka::offset(each.committed_offset),
                .epoch = kafka::leader_epoch(each.committed_leader_epoch),
                .metadata = each.metadata.value_or("")};
        }
    }
    return offsets;
}

}  // namespace verdikt::client
