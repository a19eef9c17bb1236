// OffsetFetch (9), versions 0 to 9.
#include "broker/coordinator/group_coordinator.h"
#include "broker/coordinator/group_host.h"

#include <utility>

namespace verdikt::broker::coordinator {

using kafka::error_code;

namespace {

using fetch_request = messages::offset_fetch_request;
using fetch_response = messages::offset_fetch_response;

constexpr std::int16_t first_with_error_code = 2;
constexpr std::int16_t first_with_groups = 8;  // KIP-709

struct wanted_topic {
    std::string name;
    std::vector<std::int32_t> partitions;
};

template <typename Topics>
std::optional<std::vector<wanted_topic>> to_wanted(const std::optional<Topics>& topics) {
    if (!topics) return std::nullopt;
    std::vector<wanted_topic> wanted;
    for (const auto& topic : *topics) wanted.push_back({topic.name, topic.partition_indexes});
    return wanted;
}

/// Everything that the group has committed.
std::vector<wanted_topic> all_of(const hosted_group* group) {
    std::vector<wanted_topic> all;
    if (group == nullptr) return all;
    for (const auto& [where, value] : group->offsets.values()) {
        if (all.empty() || all.back().name != where.topic) all.push_back({where.topic, {}});
        all.back().partitions.push_back(where.partition.value());
    }
    return all;
}

template <typename Partition>
Partition answer_partition(const hosted_group* group,
                           const std::string& topic,
                           std::int32_t index,
                           bool require_stable) {
    const kafka::topic_partition where{topic, kafka::partition_index(index)};
    // A consumer that takes over would otherwise begin before records that are about to count as
    // done (KIP-447).
    if (require_stable && group != nullptr && group->offsets.is_unstable(where)) {
        return {.partition_index = index,
                .committed_offset = -1,
                .error_code = kafka::to_wire(error_code::unstable_offset_commit)};
    }
    const committed_offset* found = group == nullptr ? nullptr : group->offsets.find(where);
    if (found == nullptr) return {.partition_index = index, .committed_offset = -1};
    return {.partition_index = index,
            .committed_offset = found->at.value(),
            .committed_leader_epoch = found->epoch.value(),
            .metadata = found->metadata};
}

/// Version 0 to 7 and version 8 name the same things differently.
template <typename Topic, typename Partition>
std::vector<Topic> answer_topics(const hosted_group* group,
                                 const std::vector<wanted_topic>& wanted,
                                 bool require_stable) {
    std::vector<Topic> topics;
    for (const wanted_topic& topic : wanted) {
        Topic& answered = topics.emplace_back();
        answered.name = topic.name;
        for (const std::int32_t index : topic.partitions) {
            answered.partitions.push_back(
                answer_partition<Partition>(group, topic.name, index, require_stable));
        }
    }
    return topics;
}

/// Null for a group that is not here, which has then committed nothing.
std::expected<const hosted_group*, error_code> look_up(group_host& host, const std::string& id) {
    const auto partition = host.serving(id);
    if (!partition) return std::unexpected(partition.error());
    return (*partition)->find(id);
}

fetch_response answer_one(group_host& host, const fetch_request& request, std::int16_t version) {
    using topic = fetch_response::offset_fetch_response_topic;
    using partition = fetch_response::offset_fetch_response_partition;
    fetch_response response;
    auto wanted = to_wanted(request.topics);
    const auto group = look_up(host, request.group_id);
    if (group) {
        response.topics = answer_topics<topic, partition>(
            *group, wanted ? *wanted : all_of(*group), request.require_stable);
        return response;
    }
    if (version >= first_with_error_code) {
        response.error_code = kafka::to_wire(group.error());
        return response;
    }
    response.topics =
        answer_topics<topic, partition>(nullptr, wanted.value_or(all_of(nullptr)), false);
    for (auto& answered : response.topics) {
        for (auto& each : answered.partitions) each.error_code = kafka::to_wire(group.error());
    }
    return response;
}

fetch_response::offset_fetch_response_group answer_group(
    group_host& host,
    const fetch_request::offset_fetch_request_group& request,
    bool require_stable) {
    using topic = fetch_response::offset_fetch_response_topics;
    using partition = fetch_response::offset_fetch_response_partitions;
    fetch_response::offset_fetch_response_group answered;
    answered.group_id = request.group_id;
    const auto group = look_up(host, request.group_id);
    if (!group) {
        answered.error_code = kafka::to_wire(group.error());
        return answered;
    }
    auto wanted = to_wanted(request.topics);
    answered.topics =
        answer_topics<topic, partition>(*group, wanted ? *wanted : all_of(*group), require_stable);
    return answered;
}

}  // namespace

runtime::awaitable<fetch_response> group_coordinator::offset_fetch(fetch_request request,
                                                                   request_origin from) {
    if (from.version < first_with_groups) co_return answer_one(*host_, request, from.version);
    fetch_response response;
    for (const auto& group : request.groups) {
        response.groups.push_back(answer_group(*host_, group, request.require_stable));
    }
    co_return response;
}

}  // namespace verdikt::broker::coordinator
