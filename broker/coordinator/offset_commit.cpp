// OffsetCommit (8), versions 0 to 9.
#include "broker/coordinator/commit_answers.h"
#include "broker/coordinator/group_coordinator.h"
#include "broker/coordinator/group_host.h"

#include <utility>

namespace verdikt::broker::coordinator {

using kafka::error_code;

namespace {

using messages::offset_commit_request;
using messages::offset_commit_response;

error_code refuse_partition(
    const group_host& host,
    const std::string& topic,
    const offset_commit_request::offset_commit_request_partition& partition) {
    if (!host.topics().exists(topic, kafka::partition_index(partition.partition_index))) {
        return error_code::unknown_topic_or_partition;
    }
    const std::size_t note =
        partition.committed_metadata ? partition.committed_metadata->size() : 0;
    if (note > host.config().metadata_max_bytes) return error_code::offset_metadata_too_large;
    // Any offset is taken, as Kafka does: kafkajs commits -1 and -2 to mean latest and earliest.
    return error_code::none;
}

offset_to_commit to_commit(const offset_commit_request& request,
                           const std::string& topic,
                           const offset_commit_request::offset_commit_request_partition& partition,
                           kafka::timestamp now) {
    offset_to_commit result{
        .where = {topic, kafka::partition_index(partition.partition_index)},
        .value = {.at = kafka::offset(partition.committed_offset),
                  .epoch = kafka::leader_epoch(partition.committed_leader_epoch),
                  .metadata = partition.committed_metadata.value_or(""),
                  .committed = partition.commit_timestamp < 0
                                   ? now
                                   : kafka::timestamp(partition.commit_timestamp)}};
    // Versions 2 to 4 could ask for a retention of their own.
    if (request.retention_time_ms >= 0) result.value.expires = now + request.retention_time_ms;
    return result;
}

/// The partitions that can be committed; the others get their error in `response`.
std::vector<offset_to_commit> sort_out(const group_host& host,
                                       const offset_commit_request& request,
                                       offset_commit_response& response) {
    std::vector<offset_to_commit> accepted;
    for (std::size_t i = 0; i < request.topics.size(); ++i) {
        const auto& topic = request.topics[i];
        for (std::size_t j = 0; j < topic.partitions.size(); ++j) {
            const error_code refused = refuse_partition(host, topic.name, topic.partitions[j]);
            response.topics[i].partitions[j].error_code = kafka::to_wire(refused);
            if (refused != error_code::none) continue;
            accepted.push_back(to_commit(request, topic.name, topic.partitions[j], host.now()));
        }
    }
    return accepted;
}

/// Whether the sender may commit into this group, which is made where an outsider may make it.
std::expected<hosted_group*, error_code> admit(group_partition& partition,
                                               const offset_commit_request& request) {
    const member_identity who{request.member_id,
                              request.group_instance_id,
                              generation(request.generation_id_or_member_epoch)};
    hosted_group* group = partition.find(request.group_id);
    // A generation that nobody knows here is from before the group was deleted.
    if (group == nullptr && who.in >= generation(0)) {
        return std::unexpected(error_code::illegal_generation);
    }
    if (group == nullptr) group = &partition.find_or_create(request.group_id);
    const error_code refused = partition.admit_commit(*group, who);
    if (refused != error_code::none) return std::unexpected(refused);
    return group;
}

}  // namespace

runtime::awaitable<offset_commit_response> group_coordinator::offset_commit(
    offset_commit_request request, request_origin) {
    const auto answer_all = [&request](error_code outcome) {
        return answer_each<offset_commit_response>(request, outcome);
    };
    const auto partition = host_->serving(request.group_id);
    if (!partition) co_return answer_all(partition.error());
    const auto group = admit(**partition, request);
    if (!group) co_return answer_all(group.error());
    offset_commit_response response = answer_all(error_code::none);
    auto accepted = sort_out(*host_, request, response);
    if (accepted.empty()) co_return response;
    auto committing = (*partition)->commit(**group, std::move(accepted));
    const error_code outcome = co_await std::move(committing);
    if (outcome != error_code::none) fail_accepted(response, outcome);
    co_return response;
}

}  // namespace verdikt::broker::coordinator
