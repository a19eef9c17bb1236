#include "client/offset_commits.h"

namespace verdikt::client {

using kafka::messages::offset_commit_request;
using kafka::messages::offset_commit_response;
using kafka::messages::offset_fetch_request;
using kafka::messages::offset_fetch_response;

offset_commit_request make_offset_commit(
    const committer& who, const std::map<topic_partition, committed_offset>& offsets) {
    offset_commit_request request;
    request.group_id = who.group_id;
    request.generation_id_or_member_epoch = who.generation;
    request.member_id = who.member_id;
    request.group_instance_id = who.instance_id;
    for (const auto& [where, offset] : offsets) {
        if (request.topics.empty() || request.topics.back().name != where.topic) {
            request.topics.push_back({.name = where.topic, .partitions = {}});
        }
        request.topics.back().partitions.push_back({.partition_index = where.partition.value(),
                                                    .committed_offset = offset.offset.value(),
                                                    .committed_leader_epoch = offset.epoch.value(),
                                                    .committed_metadata = offset.metadata});
    }
    return request;
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
    for (const auto& topic : answer.topics) {
        for (const auto& each : topic.partitions) {
            if (each.error_code != 0) return kafka::to_error_code(each.error_code);
        }
    }
    return kafka::error_code::none;
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

std::map<topic_partition, committed_offset> read_offsets(const offset_fetch_response& answer) {
    std::map<topic_partition, committed_offset> offsets;
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
